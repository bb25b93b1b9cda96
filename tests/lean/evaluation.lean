/-! What `#eval` prints: the interpreter runs definitions and shows values; a wrong expectation is an error. -/
/-- info: 4950 -/
#guard_msgs in #eval (List.range 100).foldl (· + ·) 0
/-- info: -3 -/
#guard_msgs in #eval (7 : Int) / (-2)
/-- info: [(1, true), (2, false)] -/
#guard_msgs in #eval [(1, true), (2, false)]
/-- info: some 3 -/
#guard_msgs in #eval [1, 2, 3][2]?
/-- info: true -/
#guard_msgs in #eval decide (3 < 4)
def factorial : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * factorial n
/-- info: 265252859812191058636308480000000 -/
#guard_msgs in #eval factorial 30
inductive Mode where
  | ties
  | shift (by' : Nat)
deriving Repr, DecidableEq
/-- info: Mode.shift 3 -/
#guard_msgs in #eval Mode.shift 3
structure Layer where
  rows : Nat
  bias : Int
deriving Repr
/-- info: { rows := 2, bias := -5 } -/
#guard_msgs in #eval ({ rows := 2, bias := -5 } : Layer)
