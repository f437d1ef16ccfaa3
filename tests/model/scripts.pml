/* What the scripts in adapters/bullmq/lua do with one job, for protocol.pml. */

/* fence.lua */
#ifdef REGAIN_ANY_TAKE
#define STILL_TAKEN(token) in_active
#else
#define STILL_TAKEN(token) (in_active && taken_as == token)
#endif
inline check_lock(token) {
  if
  :: lock == NONE && STILL_TAKEN(token) -> lock = token; stalled = false /* regain_lock */
  :: else
  fi;
  code = (lock == token -> 0 : (lock == NONE -> 2 : 6)) /* -2, -6 */
}
inline let_go() { in_active = false; lock = NONE; stalled = false }

/* take.lua */
inline take(token) {
  in_wait = false; in_active = true; lock = token; taken_as = token; owner = token;
  lease[me] = ALIVE; in_one_place()
}

/* checkpoint.lua */
inline checkpoint(token, page, content) {
  check_lock(token);
#if defined(UNFENCED) || defined(UNFENCED_CHECKPOINT)
  code = 0;
#endif
  if
  :: code == 0 ->
     assert(token == owner);
     assert(kept_as[page] == 0 || kept_as[page] == content);
     kept_as[page] = content;
#ifndef NO_LEDGER
     ledger[page] = content;
#endif
     lock = token; stalled = false; stc = 0; lease[me] = ALIVE
  :: else
  fi;
  in_one_place()
}

/* renew.lua */
inline renew(token) {
  check_lock(token);
  if
  :: code == 0 -> stalled = false; lease[me] = ALIVE
  :: else
  fi
}

/* finish.lua, "completed" */
inline finish(token) {
  check_lock(token);
#if defined(UNFENCED) || defined(UNFENCED_FINISH)
  code = 0;
#endif
  if
  :: code == 0 ->
     assert(token == owner);
     if
     :: in_active ->
        let_go(); in_completed = true; end_once();
        assert(stored && collection[0] == kept_as[0] && collection[1] == kept_as[1]);
        ledger[0] = 0; ledger[1] = 0
     :: else -> let_go(); code = 3
     fi
  :: else
  fi;
  in_one_place()
}

/* orphan.lua: the locks of this node's earlier starts */
#ifdef ORPHANS_OF_ANY_START
#define EARLIER true
#else
#define EARLIER (START_OF(lock) < me)
#endif
inline orphan() {
  if
  :: lock != NONE && node_of[START_OF(lock)] == node_of[me] && EARLIER ->
     lock = NONE; taken_as = NONE; stalled = true
  :: else
  fi
}

/* stalled.lua, one look: who was marked by the look before and has no lock, goes back; then all
   that are active are marked */
inline recover() {
  in_active = false; owner = NONE; stc++;
  if
  :: stc > MOST_STALLS -> in_failed = true; end_once()
  :: else -> in_wait = true
  fi
}
inline look() {
  if
  :: stalled && in_active && lock == NONE -> recover()
  :: else
  fi;
  stalled = in_active; in_one_place()
}
