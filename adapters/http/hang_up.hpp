#pragma once

namespace gleaner::http {

/// Ends the connection from `remote_port` to `local_port` of this process, so that nothing more is
/// read from it: the HTTP library would take in the rest of a body, however slowly that comes, and
/// does not tell its descriptor. What was written still arrives. @pre the connection is open, and
/// the calling thread the one that serves it
void hang_up(int local_port, int remote_port);

} // namespace gleaner::http
