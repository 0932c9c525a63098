import { refusesHostileStreams } from './hostile-streams.js'

await refusesHostileStreams('plot')
