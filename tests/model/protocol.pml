/* One job, from `take` to `finish`, between workers that crash, stop, wake up late and lose their lock.
   Names are those of the scripts in adapters/bullmq/lua. A script is one step, as it is in Redis; what
   a worker does between two scripts may come as late as it likes, which is all that SIGSTOP does.
   README.md tells what is left out, and what the switches (-DUNFENCED ...) break. */
#define PAGES 2       /* `worker` names each */
#define NODES 2       /* state folders, with one living process each */
#define BREAKS 1      /* connections that break between a script and its answer */
#define CRASHES 1     /* kill -9; the node's next process starts at once */
#ifdef LONG           /* ./run soak */
#define DOUBTS 2      /* four fifths of a lock's life pass without a renewal */
#define MOST_STALLS 2 /* queue.max_stalled_count */
#else
#define DOUBTS 1
#define MOST_STALLS 1
#endif
#define STARTS (NODES + CRASHES)

/* A token names the process that took the job. */
#define TOKEN(start) ((start) + 1)
#define START_OF(token) ((token) - 1)
#define NONE 0

/* Redis. */
bool in_wait = true, in_active, in_completed, in_failed; /* which lists hold the job: it has been accepted */
byte lock = NONE;                            /* the token in <job>:lock */
byte taken_as = NONE;                        /* the take that processedOn tells, by its token */
bool stalled;                                /* the set of suspects holds it */
byte stc;                                    /* stalls without a new page */
byte ledger[PAGES];                          /* <job>:ledger; a page is known by the token it was asked for with */

/* The store's folder. */
bool stored;
byte collection[PAGES]; /* which answers the file was made of */

/* Processes, numbered as they started. */
byte node_of[STARTS], starts;
bool dead[STARTS];
bool lease[STARTS]; /* by its own clock its lock is sure (core/lease) */
byte crashes, doubts, breaks;

/* Only the properties look at these. */
byte owner = NONE;   /* the token of the last take, until the job is taken from it or ends */
byte kept_as[PAGES]; /* what Redis confirmed to be in the ledger; stays when the job ends */
byte ends;

#define ENDED (in_completed || in_failed)
#define ALIVE (!dead[me])

inline in_one_place() { assert(in_wait + in_active + in_completed + in_failed == 1) }
inline end_once() { ends++; assert(ends == 1); owner = NONE }

#include "scripts.pml"

/* The process is gone, but what it has sent may still arrive: no script asks for ALIVE. */
inline crash() {
  crashes++; dead[me] = true; lease[me] = false;
  node_of[starts] = node_of[me];
  run worker(starts);
  starts++
}

/* What else may become of a script: its answer gets lost, and the worker sends the same again; or it
   refuses, and the job is dropped. */
#define LOST_OR_REFUSED \
  :: code == 0 && ALIVE && breaks < BREAKS -> breaks++ \
  :: code != 0 -> goto idle

inline forget() {
  atomic {
    token = NONE; code = 0; known = false; looked = false; saved = false; lease[me] = false;
    copy[0] = 0; copy[1] = 0; kept[0] = false; kept[1] = false
  }
}

/* HunterFetcher: looks at the lease, and sends. The answer is there at once; until it is kept, the
   page counts as on the wire. */
#ifdef NO_LEASE
#define MAY_ASK(page) (ALIVE && known && copy[page] == 0)
#else
#define MAY_ASK(page) (ALIVE && known && copy[page] == 0 && lease[me])
#endif
inline ask(page) {
  assert(lock == token);
  assert(kept_as[page] == 0);
  copy[page] = token
}

/* StoreWriter: the rename */
inline rename() {
  assert(copy[0] == kept_as[0] && copy[1] == kept_as[1]);
  stored = true; collection[0] = copy[0]; collection[1] = copy[1]
}

#ifdef FINISH_FIRST
#define MAY_FINISH (kept[0] && kept[1])
#else
#define MAY_FINISH saved
#endif

proctype worker(byte me) {
  byte token, code, copy[PAGES];
  bool known, kept[PAGES], looked, saved;

  do
  :: dead[me] -> goto gone
  :: d_step { orphan() } -> break
  :: atomic { ALIVE && crashes < CRASHES -> crash() }
  od;

idle:
  forget();
  do
  :: ENDED || dead[me] -> goto gone
  :: d_step { in_wait -> token = TOKEN(me); take(token) } -> break
  :: atomic { ALIVE && crashes < CRASHES -> crash() }
  od;

  do
  :: dead[me] -> goto gone
  :: d_step { ALIVE && !known -> known = true; /* ReadLedger */
       copy[0] = ledger[0]; kept[0] = (ledger[0] != 0);
       copy[1] = ledger[1]; kept[1] = (ledger[1] != 0) }
  :: d_step { MAY_ASK(0) -> ask(0) }
  :: d_step { MAY_ASK(1) && copy[0] != 0 -> ask(1) } /* the first tells how many there are */
  :: atomic { copy[0] != 0 && !kept[0] -> d_step { checkpoint(token, 0, copy[0]) };
       if :: code == 0 -> kept[0] = true LOST_OR_REFUSED fi }
  :: atomic { copy[1] != 0 && !kept[1] -> d_step { checkpoint(token, 1, copy[1]) };
       if :: code == 0 -> kept[1] = true LOST_OR_REFUSED fi }
  :: atomic { ALIVE && !lease[me] -> d_step { renew(token) }; if :: code == 0 LOST_OR_REFUSED fi }
  :: d_step { ALIVE && kept[0] && kept[1] && !looked && lease[me] -> looked = true }
  :: d_step { ALIVE && looked && !saved -> rename(); saved = true }
  :: atomic { MAY_FINISH -> d_step { finish(token) }; if :: code == 0 -> goto idle LOST_OR_REFUSED fi }
  :: d_step { ALIVE && lease[me] && doubts < DOUBTS -> doubts++; lease[me] = false }
  :: atomic { ALIVE && crashes < CRASHES -> crash() }
  od;
gone:
  forget()
}

/* A lock runs out once its owner doubts or is dead. */
active proctype clock() {
  do
  :: d_step { lock != NONE && !lease[START_OF(lock)] -> lock = NONE }
  :: ENDED -> break
  od
}

active proctype stalled_check() {
  do
#ifndef NO_STALLED_CHECK
  :: d_step { in_active || stalled -> look() }
#endif
  :: ENDED -> break
  od
}

init {
  atomic {
    for (starts : 0 .. NODES - 1) { node_of[starts] = starts; run worker(starts) };
    starts = NODES
  }
}

ltl ends_at_last { <> ENDED }
