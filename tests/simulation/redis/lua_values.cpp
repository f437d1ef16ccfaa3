#include "tests/simulation/redis/lua_values.hpp"

#include <cstdio>

namespace gleaner::simulation {

using redis::RedisValue;

namespace {

void push_text(lua_State* lua, const std::string& text) {
  lua_pushlstring(lua, text.data(), text.size());
}

/// {ok = "..."} or {err = "..."}.
void push_table(lua_State* lua, const char* field, const std::string& text) {
  lua_createtable(lua, 0, 1);
  push_text(lua, text);
  lua_setfield(lua, -2, field);
}

void push_value(lua_State* lua, const RedisValue& value) {
  switch (value.kind) {
  case RedisValue::Kind::nil:
    return lua_pushboolean(lua, 0);
  case RedisValue::Kind::integer:
    return lua_pushnumber(lua, static_cast<lua_Number>(value.integer));
  case RedisValue::Kind::text:
    return push_text(lua, value.text);
  case RedisValue::Kind::error:
    return push_table(lua, "err", value.text);
  case RedisValue::Kind::array:
    break;
  }
  lua_createtable(lua, static_cast<int>(value.items.size()), 0);
  int place = 0;
  for (const auto& item : value.items) {
    push_value(lua, item);
    lua_rawseti(lua, -2, ++place);
  }
}

/// True when the table at the top has a text there, which is put into `text`.
bool has_text(lua_State* lua, const char* field, std::string& text) {
  lua_pushstring(lua, field);
  lua_rawget(lua, -2);
  const bool found = lua_type(lua, -1) == LUA_TSTRING;
  if (found)
    text = lua_tostring(lua, -1);
  lua_pop(lua, 1);
  return found;
}

RedisValue table_to_value(lua_State* lua) {
  std::string word;
  if (has_text(lua, "err", word))
    return error(word).value;
  if (has_text(lua, "ok", word))
    return text(word).value;
  std::vector<RedisValue> items;
  luaL_checkstack(lua, 4, "too deep");
  for (int place = 1;; ++place) {
    lua_rawgeti(lua, -1, place);
    const bool end = lua_isnil(lua, -1);
    if (!end)
      items.push_back(to_value(lua));
    lua_pop(lua, 1);
    if (end)
      return array(std::move(items)).value;
  }
}

} // namespace

void push_answer(lua_State* lua, const Answer& answer) {
  if (answer.is_status)
    push_table(lua, "ok", answer.value.text);
  else
    push_value(lua, answer.value);
}

RedisValue to_value(lua_State* lua) {
  switch (lua_type(lua, -1)) {
  case LUA_TSTRING: {
    std::size_t size = 0;
    const char* bytes = lua_tolstring(lua, -1, &size);
    return text({bytes, size}).value;
  }
  case LUA_TNUMBER:
    return integer(static_cast<std::int64_t>(lua_tonumber(lua, -1))).value;
  case LUA_TBOOLEAN:
    return lua_toboolean(lua, -1) != 0 ? integer(1).value : nil().value;
  case LUA_TTABLE:
    return table_to_value(lua);
  default:
    return nil().value;
  }
}

bool read_words(lua_State* lua, std::vector<std::string>& words) {
  const int count = lua_gettop(lua);
  words.reserve(static_cast<std::size_t>(count));
  for (int place = 1; place <= count; ++place) {
    if (lua_type(lua, place) == LUA_TNUMBER) { // Lua's own conversion would lose digits
      char buffer[64];
      const int size = std::snprintf(buffer, sizeof buffer, "%.17g", lua_tonumber(lua, place));
      words.emplace_back(buffer, static_cast<std::size_t>(size));
    } else if (lua_type(lua, place) == LUA_TSTRING) {
      std::size_t size = 0;
      const char* bytes = lua_tolstring(lua, place, &size);
      words.emplace_back(bytes, size);
    } else {
      return false;
    }
  }
  return count > 0;
}

} // namespace gleaner::simulation
