import { manual, seeAlso, titleLine } from '../cli/man/page.js'
import { paragraphs, section } from '../cli/man/roff.js'

const stops = `A scheduler that needs the machine sends a signal, waits, and kills. pcm-train with --checkpoint DIR finishes its step, writes a checkpoint and ends with 75 on SIGTERM, SIGINT or SIGHUP; the same command line, with --resume in it from the beginning, goes on. A run that was killed instead goes on from the checkpoint before. Either way the model has the bytes of a run that was never stopped, on the same engine, kind of processor and --threads; give --threads where nodes differ in their number of cores, since the default is what a process may use.

All other programs are short: the first signal ends them, the output that -o names is whole or not there, and running them again makes it.

75 is the status to queue a job again for. 65 and 64 are the same on every run; 74 says that a disk is full, that the folder cannot be written, or that another run has it.`

const slurm = `fixtures/recipes/slurm.sbatch does it for SLURM: it has the signal sent to the script two minutes before the end, hands it on to the step, and queues the job again on 75. As an array, every task trains with its number as seed:

  sbatch fixtures/recipes/slurm.sbatch features.arrows model.arrows --epochs 500
  sbatch --array=0-9 fixtures/recipes/slurm.sbatch features.arrows model.arrows

A job that is queued again after its node died finds the lock of the run before, on a machine that may not answer; the number of restarts that SLURM tells (SLURM_JOB_ID, SLURM_RESTART_COUNT) says that it has ended. Elsewhere a lock of another machine is respected: where that run has ended for sure, remove DIR/lock.`

const make = `A target that is made with -o is whole or not there, so that an interrupted make can be run again; fixtures/recipes/Makefile is the whole chain, and its training goes on from where it was:

  model.arrows: features.arrows
  	pcm-train $< -o $@ --checkpoint $@.checkpoints --resume
  	rm -rf $@.checkpoints

Features that have changed are refused by the checkpoints of the old ones, with what changed: remove them.`

const parallel = `On one machine, one thread for each training wastes the least. fixtures/recipes/seeds.sh trains many seeds that way with xargs. With GNU parallel, over many machines:

  parallel --joblog seeds.log --retries 5 pcm-train features.arrows --seed {} --threads 1 \\
    --checkpoint seed{}.checkpoints --resume -o seed{}.arrows ::: 0 1 2 3 4 5 6 7

--retries tries again whatever failed, so also what a signal has stopped with 75; --resume-failed does so in a later run of parallel.`

const disks = `Checkpoints, and the file of --memory, are as large as a few copies of the heads and as all features. The first belong on a disk that all nodes see; the second, in TMPDIR, on one of the node: with a TMPDIR in memory nothing is gained. Nothing is left of the second, however a run ends. What a killed run has left unfinished beside its output (NAME.tmp.HOST.PID.N) is removed by the next run on that machine that writes the same output.

The clock of a node has no part in anything: checkpoints are in the order of their steps.`

/** `pcm-cluster.7`: batch systems, many runs, interruption. */
export const clusterPage = (version: string): string =>
  manual(
    titleLine('pcm-cluster', 7, version),
    section('name'),
    'pcm\\-cluster \\- batch jobs that are stopped, killed and run again',
    section('description'),
    ...paragraphs(stops, { first: true }),
    ...Object.entries({ slurm, make, 'many runs': parallel, disks }).flatMap(([title, text]) => [
      section(title),
      ...paragraphs(text, { first: true }),
    ]),
    ...seeAlso(['pcm-train(1)', 'pcm(7)']),
  )
