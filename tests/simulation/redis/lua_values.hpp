#pragma once

#include "tests/simulation/redis/command.hpp"

#include <lua5.1/lua.hpp>

#include <string>
#include <vector>

/// Redis's rules for what a value becomes on its way between Lua and an answer.
namespace gleaner::simulation {

void push_answer(lua_State* lua, const Answer& answer);

/// Of the value at the top of the stack, which stays there.
redis::RedisValue to_value(lua_State* lua);

/// The words of a command, from the arguments of a function; false when one is no text or number.
bool read_words(lua_State* lua, std::vector<std::string>& words);

} // namespace gleaner::simulation
