#include <thread>

/// A count that two threads raise without a lock. The preset tsan must tell of it, or its other
/// tests would pass whatever they do.
int main() {
  int count = 0;
  std::thread other{[&] { ++count; }};
  ++count;
  other.join();
  return count == 0 ? 1 : 0;
}
