#include "adapters/store/file_store.hpp"
#include "tests/adapters/store/store_contract.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace gleaner::test {

BOOST_AUTO_TEST_SUITE(store_contract_suite)

BOOST_DATA_TEST_CASE(the_file_store_keeps_the_contract,
                     boost::unit_test::data::make(store_contract), rule) {
  const TemporaryFolder folder;
  StoreConfig config;
  config.folder = folder / "collections";
  store::FileStore store{config};
  rule.check(store);
}

BOOST_DATA_TEST_CASE(the_memory_store_keeps_the_contract,
                     boost::unit_test::data::make(store_contract), rule) {
  MemoryStore store;
  rule.check(store);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace gleaner::test
