import TinyVerify.Locks.Spec
/-!
# Resource order excludes deadlock

Main result: `no_deadlock`.
-/
namespace TinyVerify

theorem wants_above {held : List Nat} {steps : List Step} (h : ascendingFrom held steps = true) :
    ∀ n r, wants steps n = some r → ∀ q ∈ heldAfter held steps n, q < r := by
  induction steps generalizing held with
  | nil => intro n r hw; contradiction
  | cons step steps ih =>
    intro n r hw q hq
    cases step with
    | take s =>
      have h' := and_split (a := all (fun h => Nat.ble (h + 1) s) held) (b := ascendingFrom (s :: held) steps) h
      cases n with
      | zero =>
        have e : s = r := by injection hw
        have h1 := Nat.le_of_ble_eq_true (all_spec h'.1 q hq)
        omega
      | succ n => exact ih h'.2 n r hw q hq
    | give s =>
      cases n with
      | zero => contradiction
      | succ n => exact ih (held := without s held) h n r hw q hq

/-- Along a chain of waiting tasks the wanted resources ascend. -/
theorem chain_ascends {m : Moment} (h : ∀ task, ascending (m.steps task) = true) {a b : Nat} (hc : m.Chain a b) :
    ∃ r, wants (m.steps a) (m.done a) = some r ∧
      ∀ s, wants (m.steps b) (m.done b) = some s → r < s := by
  induction hc with
  | one hw =>
    rcases hw with ⟨r, h1, h2⟩
    exact ⟨r, h1, fun s hs => wants_above (h _) _ s hs r h2⟩
  | more hw _ ih =>
    rcases hw with ⟨r, h1, h2⟩
    rcases ih with ⟨t, h3, h4⟩
    have h5 := wants_above (h _) _ t h3 r h2
    exact ⟨r, h1, fun s hs => by have := h4 s hs; omega⟩

/-- If every task takes resources in ascending order only, no moment of any schedule is a deadlock. -/
theorem no_deadlock (m : Moment) (h : ∀ task, ascending (m.steps task) = true) : ¬ m.Deadlock := by
  intro hd
  rcases hd with ⟨a, hc⟩
  rcases chain_ascends h hc with ⟨r, h1, h2⟩
  exact Nat.lt_irrefl r (h2 r h1)

end TinyVerify
