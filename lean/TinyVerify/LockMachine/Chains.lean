import TinyVerify.LockMachine.Invariant
/-!
# Chains of waiting tasks

Main results: `Locks.ends_of_waiting` (a chain visits no task twice, so it ends) and `Locks.lend_links` (lending a
priority up the chain leaves no link with less).
-/
namespace TinyVerify.Locks

/-! ### A chain of waiting tasks visits none twice -/

/-- How many of `1 .. n` the test picks. -/
def count (test : Nat → Bool) : Nat → Nat
  | 0 => 0
  | n + 1 => count test n + cond (test (n + 1)) 1 0

theorem count_le {p q : Nat → Bool} (h : ∀ t, p t = true → q t = true) : ∀ n, count p n ≤ count q n
  | 0 => Nat.le_refl 0
  | n + 1 => by
    have h1 := count_le h n
    have h2 := h (n + 1)
    show count p n + cond (p (n + 1)) 1 0 ≤ count q n + cond (q (n + 1)) 1 0
    cases hp : p (n + 1) with
    | false => cases q (n + 1) <;> (dsimp only [cond]; omega)
    | true => rw [h2 hp]; dsimp only [cond]; omega

theorem count_lt {p q : Nat → Bool} (h : ∀ t, p t = true → q t = true) {v : Nat} (h1 : 1 ≤ v) (hq : q v = true)
    (hp : p v = false) : ∀ n, v ≤ n → count p n < count q n
  | 0, h2 => by omega
  | n + 1, h2 => by
    show count p n + cond (p (n + 1)) 1 0 < count q n + cond (q (n + 1)) 1 0
    rcases Nat.lt_or_ge n v with hl | hl
    · have e : v = n + 1 := by omega
      subst e
      have h3 := count_le h n
      rw [hp, hq]
      dsimp only [cond]
      omega
    · have h3 := count_lt h h1 hq hp n hl
      have h4 := h (n + 1)
      cases hc : p (n + 1) with
      | false => cases q (n + 1) <;> (dsimp only [cond]; omega)
      | true => rw [h4 hc]; dsimp only [cond]; omega

theorem count_true : ∀ n, count (fun _ => true) n = n
  | 0 => rfl
  | n + 1 => by
    show count (fun _ => true) n + 1 = n + 1
    rw [count_true n]

/-- Waits for nothing, or for something above `w`. -/
def beyond (wants : Nat → Nat) (w t : Nat) : Bool := decide (wants t = 0) || decide (w < wants t)

/-- The chain up from `task` has at most `n` links. -/
def Ends (owner wants : Nat → Nat) : Nat → Nat → Prop
  | 0, task => owner (wants task) = 0
  | n + 1, task => owner (wants task) = 0 ∨ Ends owner wants n (owner (wants task))

theorem beyond_of_above {wants : Nat → Nat} {v w : Nat} (h : v < w) (t : Nat) (ht : beyond wants w t = true) :
    beyond wants v t = true := by
  unfold beyond at ht
  unfold beyond
  rcases or_split ht with h1 | h1
  · rw [h1]; rfl
  · have h2 : w < wants t := of_decide_eq_true h1
    rw [decide_eq_true (show v < wants t by omega)]
    cases decide (wants t = 0) <;> rfl

theorem ends_of_count {owner wants : Nat → Nat} {tasks : Nat} (hz : owner 0 = 0) (ho : Ordered owner wants)
    (hr : ∀ r, owner r ≠ 0 → owner r ≤ tasks) :
    ∀ n task, count (beyond wants (wants task)) tasks ≤ n → Ends owner wants n task
  | n, task, h => by
    cases hh : owner (wants task) with
    | zero =>
      cases n with
      | zero => exact hh
      | succ n => exact .inl hh
    | succ k =>
      have hne : owner (wants task) ≠ 0 := by omega
      have hin := hr _ hne
      have hb : beyond wants (wants task) (owner (wants task)) = true := by
        unfold beyond
        rcases Nat.eq_zero_or_pos (wants (owner (wants task))) with h0 | h0
        · rw [decide_eq_true h0]; rfl
        · have h1 := ho _ hne (by omega)
          rw [decide_eq_true h1]
          cases decide (wants (owner (wants task)) = 0) <;> rfl
      cases n with
      | zero =>
        have h1 := count_lt (p := fun _ => false) (q := beyond wants (wants task)) (fun t ht => absurd ht (by decide))
          (show 1 ≤ owner (wants task) by omega) hb rfl tasks hin
        omega
      | succ n =>
        rcases Nat.eq_zero_or_pos (wants (owner (wants task))) with h0 | h0
        · -- who holds it waits for nothing
          right
          have e : owner (wants (owner (wants task))) = 0 := by rw [h0]; exact hz
          cases n with
          | zero => exact e
          | succ n => exact .inl e
        · right
          have h1 := ho _ hne (by omega)
          have h2 := count_lt (p := beyond wants (wants (owner (wants task)))) (q := beyond wants (wants task))
            (fun t ht => beyond_of_above h1 t ht) (show 1 ≤ owner (wants task) by omega) hb
            (by
              unfold beyond
              rw [decide_eq_false (by omega), decide_eq_false (Nat.lt_irrefl _)]
              rfl)
            tasks hin
          exact ends_of_count hz ho hr n _ (by omega)

/-- A waiting task is not counted itself, so its chain has fewer links than there are tasks. -/
theorem ends_of_waiting {owner wants : Nat → Nat} {tasks task : Nat} (hz : owner 0 = 0) (ho : Ordered owner wants)
    (hr : ∀ r, owner r ≠ 0 → owner r ≤ tasks) (h1 : 1 ≤ task) (h2 : task ≤ tasks) (hw : wants task ≠ 0) :
    Ends owner wants (tasks - 1) task := by
  have h3 := count_lt (p := beyond wants (wants task)) (q := fun _ => true) (fun t _ => rfl) h1 rfl
    (by
      unfold beyond
      rw [decide_eq_false hw, decide_eq_false (Nat.lt_irrefl _)]
      rfl)
    tasks h2
  rw [count_true] at h3
  exact ends_of_count hz ho hr (tasks - 1) task (by omega)

/-! ### Lending priorities up the chain -/

theorem lend_ge (owner wants : Nat → Nat) :
    ∀ n priority task t, priority t ≤ lend owner wants n priority task t
  | 0, priority, task, t => Nat.le_refl _
  | n + 1, priority, task, t => by
    unfold lend
    dsimp only
    split
    · rename_i h
      have h1 := lend_ge owner wants n (update priority (owner (wants task)) (priority task)) (owner (wants task)) t
      rcases Nat.decEq t (owner (wants task)) with hn | he
      · rw [update_other _ hn] at h1
        exact h1
      · subst he
        rw [update_same] at h1
        omega
    · exact lend_ge owner wants n priority (owner (wants task)) t

theorem lend_none {owner wants : Nat → Nat} (ho : owner 0 = 0) (hw : wants 0 = 0) :
    ∀ n priority, lend owner wants n priority 0 = priority
  | 0, _ => rfl
  | n + 1, priority => by
    unfold lend
    dsimp only
    rw [hw, ho]
    rw [if_neg (fun h => h.1 rfl)]
    exact lend_none ho hw n priority

/-- If every link but that of `task` keeps its priority, then after lending every link does. -/
theorem lend_links {owner wants : Nat → Nat} (hz : owner 0 = 0) (hw : wants 0 = 0) (ho : Ordered owner wants) :
    ∀ n priority task, (∀ t, t ≠ task → LinkOk owner wants priority t) → Ends owner wants n task →
      ∀ t, LinkOk owner wants (lend owner wants n priority task) t
  | 0, priority, task, hl, he, t => by
    rcases Nat.decEq t task with hn | h
    · exact hl t hn
    · subst h
      intro _ h2
      exact absurd he h2
  | n + 1, priority, task, hl, he, t => by
    cases hh : owner (wants task) with
    | zero =>
      unfold lend
      dsimp only
      rw [hh, if_neg (fun h => h.1 rfl), lend_none hz hw]
      rcases Nat.decEq t task with hn | h
      · exact hl t hn
      · subst h
        intro _ h2
        exact absurd hh h2
    | succ k =>
      have hne : owner (wants task) ≠ 0 := by omega
      have hself : owner (wants task) ≠ task := by
        intro h
        have hw0 : wants task ≠ 0 := by
          intro h0
          rw [h0, hz] at hne
          exact hne rfl
        have h1 := ho (wants task) hne (by rw [h]; exact hw0)
        rw [h] at h1
        exact Nat.lt_irrefl _ h1
      have he' : Ends owner wants n (owner (wants task)) := by
        rcases he with h | h
        · exact absurd h hne
        · exact h
      unfold lend
      dsimp only
      split
      · rename_i hc
        refine lend_links hz hw ho n _ _ ?_ he' t
        intro u hu h1 h2
        rw [update_other _ hu]
        rcases Nat.decEq (owner (wants u)) (owner (wants task)) with hx | hx
        · rw [update_other _ hx]
          have hut : u ≠ task := fun e => hx (by rw [e])
          exact hl u hut h1 h2
        · rw [hx, update_same]
          rcases Nat.decEq u task with hy | hy
          · have h3 := hl u hy h1 h2
            rw [hx] at h3
            omega
          · rw [hy]
            exact Nat.le_refl _
      · rename_i hc
        refine lend_links hz hw ho n _ _ ?_ he' t
        intro u hu h1 h2
        rcases Nat.decEq u task with hy | hy
        · exact hl u hy h1 h2
        · subst hy
          rcases Nat.lt_or_ge (priority (owner (wants u))) (priority u) with h3 | h3
          · exact absurd ⟨hne, h3⟩ hc
          · exact h3

end TinyVerify.Locks
