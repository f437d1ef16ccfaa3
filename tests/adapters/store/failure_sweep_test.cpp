#include "tests/adapters/store/file_store_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace gleaner::test {

namespace failure_sweep {

/// Lets the `failing`th of all calls (from 0) that a save makes, and `more` after it, fail.
class Sweep {
public:
  Sweep(int failing, int more, int error_number)
      : first_(failing), last_(failing + more), error_number_(error_number) {}

  store::FileCalls calls() {
    store::FileCalls calls;
    calls.open = [this](int in, const char* name, int flags, mode_t mode) {
      return fails("open") ? -1 : store::open_below(in, name, flags, mode);
    };
    calls.write = [this](int fd, const void* bytes, std::size_t size) -> ssize_t {
      if (!fails("write"))
        return ::write(fd, bytes, size);
      const auto torn = ::write(fd, bytes, size / 2); // some of it reaches the disk
      errno = error_number_;
      return torn < 0 ? torn : -1;
    };
    calls.sync = [this](int fd) { return fails("sync") ? -1 : ::fsync(fd); };
    calls.rename = [this](int in, const char* from, const char* to) {
      return fails("rename") ? -1 : ::renameat(in, from, in, to);
    };
    return calls;
  }
  bool fired() const { return count_ > first_; }
  const std::map<std::string, int>& failed() const { return failed_; }

private:
  bool fails(const char* name) {
    const int number = count_++;
    errno = error_number_;
    return number >= first_ && number <= last_ && ++failed_[name] > 0;
  }

  int first_;
  int last_;
  int error_number_;
  int count_ = 0;
  std::map<std::string, int> failed_;
};

const std::vector<const char*> domains{"a.test", "b.test", "c.test"};
constexpr std::size_t old_items = 1;
constexpr std::size_t new_items = 30;

/// After a save of `domains` with failures on the way.
struct SweepFixture : FileStoreFixture {
  int checked = 0;
  int succeeded = 0;
  std::map<std::string, int> failed;

  /// True while there was a call to let fail.
  bool save_with(Sweep sweep, Errc expected) {
    remove_folder();
    auto good = open_store();
    save_one(good, sample_collection("b.test", old_items));
    std::vector<Collection> group;
    for (const auto* domain : domains)
      group.push_back(sample_collection(domain, new_items));
    auto store = open_store(sweep.calls());
    const auto results = save_all(store, group);
    for (std::size_t i = 0; i < group.size(); ++i)
      check(good, group[i], results[i], expected, sweep.failed().contains("sync"));
    BOOST_TEST(list_all(good).problems.empty());
    for (const auto& name : names_in(folder))
      BOOST_TEST(name.ends_with(".json"), name << " was left behind");
    for (const auto& [call, count] : sweep.failed())
      failed[call] += count;
    return sweep.fired();
  }

  /// A success is the new collection, a failure the old one or none; never anything in between.
  /// Only when the folder's sync failed can the new one be there though its durability is in doubt.
  void check(CollectionStore& store, const Collection& wanted, const Status& result, Errc expected,
             bool in_doubt) {
    ++checked;
    const auto found = store.load(wanted.domain);
    const bool is_new = found && to_text(*found) == to_text(wanted);
    const bool is_old = wanted.domain == "b.test" ? found && found->items.size() == old_items
                                                  : !found && found.error().code == Errc::not_found;
    if (result) {
      ++succeeded;
      BOOST_TEST(is_new, wanted.domain << " was reported as stored");
      return;
    }
    BOOST_TEST(result.error().code == expected);
    BOOST_TEST((is_old || (in_doubt && is_new)), wanted.domain << " is neither old nor new");
  }
};

} // namespace failure_sweep

BOOST_FIXTURE_TEST_SUITE(failure_sweep, SweepFixture)

BOOST_AUTO_TEST_CASE(whichever_call_of_a_save_fails_no_file_is_torn_and_every_answer_is_true) {
  for (const auto& [number, expected] : std::map<int, Errc>{{ENOSPC, Errc::store_full},
                                                            {EDQUOT, Errc::store_full},
                                                            {EIO, Errc::store_io},
                                                            {EMFILE, Errc::store_io},
                                                            {EROFS, Errc::store_unwritable}})
    for (const int more : {0, 1, 1000})
      for (int failing = 0;; ++failing) {
        BOOST_TEST_CONTEXT("call " << failing << ", " << more << " more, errno " << number) {
          if (!save_with({failing, more, number}, expected))
            break;
        }
      }
  for (const auto* call : {"open", "write", "sync", "rename"})
    BOOST_TEST(failed[call] > 0, call);
  BOOST_TEST_MESSAGE(checked << " answers, " << succeeded << " of them successes");
  BOOST_TEST(succeeded > 0);
  BOOST_TEST(succeeded < checked);
}

BOOST_AUTO_TEST_CASE(a_single_input_output_error_costs_nothing_but_a_rename) {
  for (int failing = 0; save_with({failing, 0, EIO}, Errc::store_io); ++failing) {
  }
  BOOST_TEST(checked - succeeded == static_cast<int>(domains.size())); // each rename once
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
