prelude
import Init.Int.Lemmas
import Init.Tactic.Conv
/-! Casts of naturals to integers: `norm_cast` moves them outwards, `push_cast` inwards, the `…_mod_cast` tactics and
`mod_cast` compare up to them. The grammar is here, the elaborators are Lean's own; which lemmas they use is said by the
attribute `norm_cast` (kinds: `elim` about propositions, `move` through a function, `squash` of two casts). And `ac_rfl`, which
needs the laws that it names. -/
set_option autoImplicit false
set_option linter.all false
namespace Lean.Parser.Attr
syntax normCastLabel := &"elim" <|> &"move" <|> &"squash"
syntax (name := «norm_cast») "norm_cast" (ppSpace normCastLabel)? (ppSpace num)? : attr
end Lean.Parser.Attr
namespace Lean
syntax (name := modCast) "mod_cast " term : term
end Lean
namespace Lean.Parser.Tactic
syntax (name := normCast0) "norm_cast0" optConfig (location)? : tactic
syntax (name := pushCast) "push_cast" optConfig (discharger)? (&" only")?
  (" [" (simpStar <|> simpErase <|> simpLemma),*,? "]")? (location)? : tactic
macro "norm_cast" cfg:optConfig loc:(location)? : tactic =>
  `(tactic| (norm_cast0 $cfg:optConfig $[$loc:location]?) <;> try trivial)
macro "assumption_mod_cast" cfg:optConfig : tactic => `(tactic| norm_cast0 $cfg:optConfig at * <;> assumption)
macro "exact_mod_cast " e:term : tactic => `(tactic| exact mod_cast ($e : _))
macro "apply_mod_cast " e:term : tactic => `(tactic| apply mod_cast ($e : _))
macro "rw_mod_cast " rws:rwRuleSeq : tactic => `(tactic| (norm_cast0; rw $rws:rwRuleSeq; try norm_cast0))
end Lean.Parser.Tactic
namespace Lean.Parser.Tactic.Conv
syntax (name := normCast) "norm_cast" : conv
end Lean.Parser.Tactic.Conv

attribute [norm_cast] Int.natCast_inj Int.ofNat_le Int.ofNat_lt
  Int.natCast_add Int.natCast_mul Int.natCast_pow Int.natCast_ediv Int.natCast_emod
  Int.natCast_succ Int.natCast_zero Int.natCast_one
  Lean.Omega.Int.natCast_ofNat Lean.Omega.Int.ofNat_min Lean.Omega.Int.ofNat_max

/-- Equality up to associativity and commutativity of `+` and `*` on naturals and integers and of `∧` and `∨`. -/
macro (name := acRfl) "ac_rfl" : tactic => `(tactic| first
  | rfl
  | (simp only [Nat.add_assoc, Nat.add_comm, Nat.add_left_comm, Nat.mul_assoc, Nat.mul_comm, Nat.mul_left_comm,
      Int.add_assoc, Int.add_comm, Int.add_left_comm, Int.mul_assoc, Int.mul_comm, Int.mul_left_comm,
      and_assoc, and_comm, and_left_comm, or_assoc, or_comm]; done))
