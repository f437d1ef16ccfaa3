-- Takes jobs. ARGV: what `take_asked` reads.
promote_due()
local answer = take_asked(1)
return answer
