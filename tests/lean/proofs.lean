import TinyVerify
/-!
# Ten small theorems about the semantics, each by another tool

What a proof engineer reaches for first, on this library's own definitions. Copy the nearest one.
-/
namespace TinyVerify.Examples

/-! `#eval` runs the semantics; `#guard_msgs` makes the answer a test. -/

/-- info: 50 -/
#guard_msgs in
#eval requantize .doubleTiesUp 100 ⟨1073741824, 0, 0, -128, 127⟩

/-- info: (-3, 127) -/
#guard_msgs in
#eval (accumulate 3 [1, -2] [4, 5], clamp 300 (-128) 127)

/-- `unfold` and `omega`: linear arithmetic with `min` and `max`. -/
theorem clamp_clamp {z lo hi : Int} (h : lo ≤ hi) : clamp (clamp z lo hi) lo hi = clamp z lo hi := by
  unfold clamp
  omega

/-- `simp only` on a projection of an updated structure, then `omega`. -/
theorem requantize_moved (mode : Rounding) (acc : Int) (p : RequantizeParams) (d : Int) :
    requantize mode acc { p with zeroPoint := p.zeroPoint + d, lo := p.lo + d, hi := p.hi + d } = requantize mode acc p + d := by
  simp only [requantize, clamp]
  omega

/-- `obtain` with `rfl`, and a product of variables, which needs a lemma. -/
theorem asr_multiple {a : Int} {k : Nat} (h : ∃ q : Int, a = ((2 ^ k : Nat) : Int) * q) :
    ((2 ^ k : Nat) : Int) * asr a k = a := by
  obtain ⟨q, rfl⟩ := h
  have positive := two_pow_pos k
  unfold asr
  rw [Int.mul_ediv_cancel_left _ (by omega)]

/-- `calc`, steps of `≤` and `<` mixed. -/
theorem half_code (acc : Int) (h : acc ≤ 100) : asr acc 1 < 64 :=
  calc asr acc 1 ≤ asr 100 1 := asr_mono 1 h
    _ = 50 := rfl
    _ < 64 := by decide

/-- `fun_induction` follows the equations of a definition. -/
theorem length_append_eq (a b : List Int) : (append a b).length = a.length + b.length := by
  fun_induction append a b with
  | case1 b => simp
  | case2 z zs b ih => simp only [List.length_cons, ih]; omega

/-- `split` on an `if` of the definition, `rename_i` for its hypothesis. -/
theorem ties_away_odd (h : Int) (shift : Nat) (hh : h < 0) : shiftTiesAway h shift = -shiftTiesAway (-h) shift := by
  unfold shiftTiesAway
  split
  · omega
  · rw [if_pos (by omega)]

/-- A recursion that ends by a measure; `fun_induction` knows its cases. -/
def bits (n : Nat) : Nat := if n = 0 then 0 else bits (n / 2) + 1
termination_by n
decreasing_by omega

theorem lt_two_pow_bits (n : Nat) : n < 2 ^ bits n := by
  fun_induction bits n with
  | case1 => decide
  | case2 n _ ih =>
    have e : 2 ^ (bits (n / 2) + 1) = 2 ^ bits (n / 2) * 2 := rfl
    omega

/-! Structural recursion on a tree. -/

inductive Tree where
  | leaf (code : Int)
  | node (left right : Tree)

def Tree.total : Tree → Int
  | .leaf code => code
  | .node left right => left.total + right.total

def Tree.mirror : Tree → Tree
  | .leaf code => .leaf code
  | .node left right => .node right.mirror left.mirror

theorem Tree.total_mirror (t : Tree) : t.mirror.total = t.total := by
  fun_induction Tree.mirror t with
  | case1 => rfl
  | case2 left right ih1 ih2 => simp only [Tree.total, ih1, ih2]; omega

/-- A named simp set. -/
macro "codes" : tactic => `(tactic| simp only [requantize, clamp, rescale, shiftTiesUp, highMul, asr])

theorem requantize_at_zero : requantize .doubleTiesUp 0 ⟨1073741824, 0, 5, -128, 127⟩ = 5 := by
  codes
  rfl

/-- `conv` rewrites one side only; `rw ... at` a hypothesis; `simp_all` uses all of them. -/
theorem one_side (a b : Int) (h : a = b) (f : Int → Int) : f a + a = f b + a := by
  conv => lhs; arg 1; rw [h]

theorem forward (a b c : Int) (h : a = b) (g : b = c) : a = c := by
  rw [g] at h
  exact h

theorem all_of_them (xs ys : List Int) (h : xs = ys) (p : sum ys = 0) : sum xs = 0 := by simp_all

/-- `ext` on functions. -/
theorem functions (f : Int → Int) (h : ∀ z, f z = clamp z 0 1) : f = fun z => clamp z 0 1 := by
  ext z
  exact h z

theorem both (p : RequantizeParams) (hp : p.Valid) : Int8 p.lo ∧ True := by
  rcases hp with ⟨_, _, _, range⟩
  refine ⟨⟨?_, ?_⟩, trivial⟩ <;> omega

/-- A call on the result of a call; the subtype tells the measure that it is small enough. -/
def nested (n : Nat) : { m : Nat // m ≤ n } :=
  if h : n = 0 then ⟨0, by omega⟩
  else
    match nested (n - 1) with
    | ⟨k, _⟩ => match nested k with
      | ⟨m, _⟩ => ⟨m, by omega⟩
termination_by n
decreasing_by all_goals omega

end TinyVerify.Examples
