;; Counts, in a block of float32 scores, how many of a row reach a mark and how many are clear of it.
;;
;; A mark is five 32-bit words: row, floor, ceiling (float32), and two that are written here:
;; the scores >= floor, and the scores > ceiling. Marks lie one after the other from $mark to $end.
(module
  (import "pcm" "memory" (memory 1))
  (func (export "count")
    (param $scores i32)   ;; where the block begins
    (param $stride i32)   ;; bytes from one row to the next
    (param $entries i32)  ;; scores of a row that count
    (param $mark i32)
    (param $end i32)
    (local $at i32) (local $wide i32) (local $stop i32)
    (local $reaching i32) (local $clear i32)
    (local $floor v128) (local $ceiling v128) (local $x v128) (local $y v128)
    (local $r0 v128) (local $r1 v128) (local $c0 v128) (local $c1 v128)
    (block $done
      (loop $marks
        (br_if $done (i32.ge_u (local.get $mark) (local.get $end)))
        (local.set $at
          (i32.add (local.get $scores)
            (i32.mul (i32.load (local.get $mark)) (local.get $stride))))
        (local.set $stop
          (i32.add (local.get $at) (i32.shl (local.get $entries) (i32.const 2))))
        (local.set $wide
          (i32.add (local.get $at)
            (i32.shl (i32.and (local.get $entries) (i32.const -8)) (i32.const 2))))
        (local.set $floor (v128.load32_splat offset=4 (local.get $mark)))
        (local.set $ceiling (v128.load32_splat offset=8 (local.get $mark)))
        (local.set $r0 (v128.const i32x4 0 0 0 0))
        (local.set $r1 (v128.const i32x4 0 0 0 0))
        (local.set $c0 (v128.const i32x4 0 0 0 0))
        (local.set $c1 (v128.const i32x4 0 0 0 0))
        ;; Eight scores at a time; true is -1 in every lane.
        (block $narrow
          (loop $eight
            (br_if $narrow (i32.ge_u (local.get $at) (local.get $wide)))
            (local.set $x (v128.load (local.get $at)))
            (local.set $y (v128.load offset=16 (local.get $at)))
            (local.set $r0 (i32x4.sub (local.get $r0) (f32x4.ge (local.get $x) (local.get $floor))))
            (local.set $r1 (i32x4.sub (local.get $r1) (f32x4.ge (local.get $y) (local.get $floor))))
            (local.set $c0 (i32x4.sub (local.get $c0) (f32x4.gt (local.get $x) (local.get $ceiling))))
            (local.set $c1 (i32x4.sub (local.get $c1) (f32x4.gt (local.get $y) (local.get $ceiling))))
            (local.set $at (i32.add (local.get $at) (i32.const 32)))
            (br $eight)))
        (local.set $r0 (i32x4.add (local.get $r0) (local.get $r1)))
        (local.set $c0 (i32x4.add (local.get $c0) (local.get $c1)))
        (local.set $reaching
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $r0)) (i32x4.extract_lane 1 (local.get $r0)))
            (i32.add (i32x4.extract_lane 2 (local.get $r0)) (i32x4.extract_lane 3 (local.get $r0)))))
        (local.set $clear
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $c0)) (i32x4.extract_lane 1 (local.get $c0)))
            (i32.add (i32x4.extract_lane 2 (local.get $c0)) (i32x4.extract_lane 3 (local.get $c0)))))
        ;; What is left of the row, one by one.
        (block $end_of_row
          (loop $one
            (br_if $end_of_row (i32.ge_u (local.get $at) (local.get $stop)))
            (local.set $reaching
              (i32.add (local.get $reaching)
                (f32.ge (f32.load (local.get $at)) (f32.load offset=4 (local.get $mark)))))
            (local.set $clear
              (i32.add (local.get $clear)
                (f32.gt (f32.load (local.get $at)) (f32.load offset=8 (local.get $mark)))))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (br $one)))
        (i32.store offset=12 (local.get $mark) (local.get $reaching))
        (i32.store offset=16 (local.get $mark) (local.get $clear))
        (local.set $mark (i32.add (local.get $mark) (i32.const 20)))
        (br $marks)))))
