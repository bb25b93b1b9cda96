prelude
import Init.Tactic.Display
import Init.Data.Fin
/-! Extensionality (`ext`), and decidable equality of the standard types. Mirrors Lean's `Init.Ext` and the instances of
`Init.Core` and `Init.Prelude`. -/
set_option autoImplicit false
set_option linter.all false
universe u v
namespace Lean.Parser.Attr
syntax extIff := atomic("(" &"iff" " := " &"false" ")")
syntax extFlat := atomic("(" &"flat" " := " &"false" ")")
syntax (name := ext) "ext" (ppSpace extIff)? (ppSpace extFlat)? (ppSpace prio)? : attr
end Lean.Parser.Attr
namespace Lean.Elab.Tactic.Ext
open Lean.Parser.Tactic
syntax (name := ext) "ext" (colGt ppSpace rintroPat)* (" : " num)? : tactic
syntax (name := applyExtTheorem) "apply_ext_theorem" : tactic
end Lean.Elab.Tactic.Ext
attribute [ext] funext propext
theorem Prod.ext {α : Type u} {β : Type v} {p q : α × β} (fst : p.1 = q.1) (snd : p.2 = q.2) : p = q := by
  cases p with
  | mk a b => cases q with
    | mk c d => cases (fst : a = c); cases (snd : b = d); rfl
theorem Subtype.ext {α : Sort u} {p : α → Prop} {a b : Subtype p} (h : a.val = b.val) : a = b := by
  cases a with
  | mk a ha => cases b with
    | mk b hb => cases (h : a = b); rfl
theorem Fin.ext {n : Nat} {a b : Fin n} (h : a.val = b.val) : a = b := Fin.eq_of_val_eq h
theorem Fin.ext_iff {n : Nat} {a b : Fin n} : a = b ↔ a.val = b.val := ⟨congrArg _, Fin.ext⟩
attribute [ext] Prod.ext Subtype.ext Fin.ext
theorem Option.ext {α : Type u} {a b : Option α} (h : ∀ x, a = some x ↔ b = some x) : a = b := by
  cases a with
  | none => cases b with
    | none => rfl
    | some b => exact (h b).mpr rfl
  | some a => exact ((h a).mp rfl).symm
instance instDecidableEqOption {α : Type u} [DecidableEq α] : DecidableEq (Option α) := fun a b => match a, b with
  | none, none => isTrue rfl
  | none, some _ => isFalse nofun
  | some _, none => isFalse nofun
  | some a, some b => decidable_of_iff (a = b) ⟨fun h => h ▸ rfl, Option.some.inj⟩
instance instDecidableEqProd {α : Type u} {β : Type v} [DecidableEq α] [DecidableEq β] : DecidableEq (α × β) := fun p q =>
  decidable_of_iff (p.1 = q.1 ∧ p.2 = q.2) ⟨fun h => Prod.ext h.1 h.2, fun h => h ▸ ⟨rfl, rfl⟩⟩
instance instDecidableEqFin (n : Nat) : DecidableEq (Fin n) := fun i j => decidable_of_iff (i.val = j.val) Fin.ext_iff.symm
instance instDecidableEqPUnit : DecidableEq PUnit := fun _ _ => isTrue rfl
