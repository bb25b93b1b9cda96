import TinyVerify.LockMachine.Spec
/-!
# What every call of the HAL's locks keeps

`Locks.Invariant`, and the lemmas about `update`, `largest` and `holdsFrom` that its proofs use.
-/
namespace TinyVerify.Locks

theorem update_same (f : Nat → Nat) (i value : Nat) : update f i value i = value := by
  unfold update
  exact if_pos rfl

theorem update_other {f : Nat → Nat} {i j : Nat} (value : Nat) (h : j ≠ i) : update f i value j = f j := by
  unfold update
  exact if_neg h

theorem largest_ge_least (test : Nat → Bool) (value : Nat → Nat) (least : Nat) :
    ∀ n, least ≤ largest test value least n
  | 0 => Nat.le_refl least
  | n + 1 => by
    have h := largest_ge_least test value least n
    unfold largest
    split
    · omega
    · exact h

theorem largest_ge (test : Nat → Bool) (value : Nat → Nat) (least : Nat) {t : Nat} (ht : 1 ≤ t) (hp : test t = true) :
    ∀ n, t ≤ n → value t ≤ largest test value least n
  | 0, h => by omega
  | n + 1, h => by
    unfold largest
    rcases Nat.lt_or_ge n t with hl | hl
    · have e : t = n + 1 := by omega
      subst e
      split
      · exact Nat.le_refl _
      · rename_i hn
        rcases Nat.lt_or_ge (largest test value least n) (value (n + 1)) with h1 | h1
        · exact absurd ⟨hp, h1⟩ hn
        · exact h1
    · have h1 := largest_ge test value least ht hp n hl
      split
      · omega
      · exact h1

theorem largest_le {test : Nat → Bool} {value : Nat → Nat} {least most : Nat} (hl : least ≤ most)
    (h : ∀ t, test t = true → value t ≤ most) : ∀ n, largest test value least n ≤ most
  | 0 => hl
  | n + 1 => by
    have h1 := largest_le hl h n
    unfold largest
    split
    · rename_i hs
      exact h _ hs.1
    · exact h1

theorem holdsFrom_false {owner : Nat → Nat} {task resource : Nat} :
    ∀ {n : Nat}, holdsFrom owner task resource n = false → ∀ q, 1 ≤ q → q ≤ n → resource ≤ q → owner q ≠ task
  | 0, _, q, h1, h2, _ => by omega
  | n + 1, h, q, h1, h2, h3 => by
    have h' : ((decide (resource ≤ n + 1) && decide (owner (n + 1) = task)) || holdsFrom owner task resource n) = false := h
    rcases Nat.lt_or_ge n q with hl | hl
    · have e : q = n + 1 := by omega
      subst e
      intro he
      rw [decide_eq_true h3, decide_eq_true he] at h'
      contradiction
    · cases hb : (decide (resource ≤ n + 1) && decide (owner (n + 1) = task)) with
      | true => rw [hb] at h'; contradiction
      | false =>
        rw [hb] at h'
        exact holdsFrom_false h' q h1 hl h3

/-- Tasks and resources lie in their ranges. -/
structure WellFormed (tasks resources : Nat) (s : Locks) : Prop where
  ownerZero : s.owner 0 = 0
  ownerRange : ∀ r, s.owner r ≠ 0 → r ≤ resources ∧ s.owner r ≤ tasks
  wantsZero : s.wants 0 = 0
  wantsRange : ∀ t, s.wants t ≠ 0 → 1 ≤ t ∧ t ≤ tasks

/-- A task holds nothing at or above what it waits for. -/
def Ordered (owner wants : Nat → Nat) : Prop :=
  ∀ r, owner r ≠ 0 → wants (owner r) ≠ 0 → r < wants (owner r)

/-- The link from `t` up its chain, if it has one, loses no priority. -/
def LinkOk (owner wants priority : Nat → Nat) (t : Nat) : Prop :=
  wants t ≠ 0 → owner (wants t) ≠ 0 → priority t ≤ priority (owner (wants t))

structure Invariant (tasks resources : Nat) (base : Nat → Nat) (s : Locks) : Prop where
  formed : s.WellFormed tasks resources
  ordered : Ordered s.owner s.wants
  inherited : ∀ t, LinkOk s.owner s.wants s.priority t
  based : s.base = base
  above : ∀ t, base t ≤ s.priority t

end TinyVerify.Locks
