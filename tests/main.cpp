#define BOOST_TEST_MODULE gleaner
#include <boost/test/unit_test.hpp>
