import TinyVerify.LockMachine.Chains
/-!
# The HAL's resources neither deadlock nor invert priorities without bound

Main results: `Locks.deadlockFree`, `Locks.inversionBounded`, for any number of tasks and resources;
`Locks.unordered_deadlocks`: without the order they do deadlock.
-/
namespace TinyVerify.Locks

/-! ### Every call keeps the invariant -/

theorem first_invariant (tasks resources : Nat) (base : Nat → Nat) : (first base).Invariant tasks resources base where
  formed := ⟨rfl, fun _ h => absurd rfl h, rfl, fun _ h => absurd rfl h⟩
  ordered := fun _ h _ => absurd rfl h
  inherited := fun _ h _ => absurd rfl h
  based := rfl
  above := fun _ => Nat.le_refl _

theorem exist_spec {tasks resources task resource : Nat} (h : exist tasks resources task resource = true) :
    (1 ≤ task ∧ task ≤ tasks) ∧ (1 ≤ resource ∧ resource ≤ resources) := by
  have h1 := and_split h
  have h2 := and_split h1.1
  have h3 := and_split h1.2
  exact ⟨⟨of_decide_eq_true h2.1, of_decide_eq_true h2.2⟩, ⟨of_decide_eq_true h3.1, of_decide_eq_true h3.2⟩⟩

theorem acquire_free {tasks resources : Nat} {base : Nat → Nat} {s : Locks} (hs : s.Invariant tasks resources base)
    {task resource : Nat} (ht : 1 ≤ task ∧ task ≤ tasks) (hr : 1 ≤ resource ∧ resource ≤ resources)
    (hf : s.owner resource = 0) : (acquire tasks s task resource).Invariant tasks resources base := by
  unfold acquire
  rw [if_pos hf]
  dsimp only
  have hw : ∀ t, t ≠ task → update s.wants task 0 t = s.wants t := fun t h => update_other 0 h
  have hp : ∀ t, t ≠ task → update s.priority task
      (largest (fun t => decide (update s.wants task 0 t = resource)) s.priority (s.priority task) tasks) t = s.priority t :=
    fun t h => update_other _ h
  have hq := update_same s.priority task
    (largest (fun t => decide (update s.wants task 0 t = resource)) s.priority (s.priority task) tasks)
  have hleast := largest_ge_least (fun t => decide (update s.wants task 0 t = resource)) s.priority (s.priority task) tasks
  refine ⟨⟨?_, ?_, ?_, ?_⟩, ?_, ?_, hs.based, ?_⟩
  · show update s.owner resource task 0 = 0
    rw [update_other _ (show 0 ≠ resource by omega)]
    exact hs.formed.ownerZero
  · intro r h
    rcases Nat.decEq r resource with hn | he
    · have e : update s.owner resource task r = s.owner r := update_other _ hn
      show r ≤ resources ∧ update s.owner resource task r ≤ tasks
      rw [e]
      exact hs.formed.ownerRange r (fun h0 => h (by show update s.owner resource task r = 0; rw [e]; exact h0))
    · subst he
      show r ≤ resources ∧ update s.owner r task r ≤ tasks
      rw [update_same]
      exact ⟨hr.2, ht.2⟩
  · show update s.wants task 0 0 = 0
    rw [hw 0 (by omega)]
    exact hs.formed.wantsZero
  · intro t h
    rcases Nat.decEq t task with hn | he
    · exact hs.formed.wantsRange t (fun h0 => h (by show update s.wants task 0 t = 0; rw [hw t hn]; exact h0))
    · rw [he]; exact ht
  · intro r h1 h2
    show r < update s.wants task 0 (update s.owner resource task r)
    change update s.owner resource task r ≠ 0 at h1
    change update s.wants task 0 (update s.owner resource task r) ≠ 0 at h2
    rcases Nat.decEq r resource with hn | he
    · rw [update_other _ hn] at h1 h2 ⊢
      rcases Nat.decEq (s.owner r) task with hx | hx
      · rw [hw _ hx] at h2 ⊢
        exact hs.ordered r h1 h2
      · rw [hx, update_same] at h2
        exact absurd rfl h2
    · rw [he, update_same, update_same] at h2
      exact absurd rfl h2
  · intro t h1 h2
    show update s.priority task _ t ≤ update s.priority task _ (update s.owner resource task (update s.wants task 0 t))
    change update s.wants task 0 t ≠ 0 at h1
    change update s.owner resource task (update s.wants task 0 t) ≠ 0 at h2
    have hn : t ≠ task := by
      intro e
      rw [e, update_same] at h1
      exact h1 rfl
    rw [hp t hn]
    rw [hw t hn] at h1 h2 ⊢
    rcases Nat.decEq (s.wants t) resource with hx | hx
    · rw [update_other _ hx] at h2 ⊢
      have h3 := hs.inherited t h1 h2
      rcases Nat.decEq (s.owner (s.wants t)) task with hy | hy
      · rw [hp _ hy]; exact h3
      · rw [hy] at h3
        rw [hy, hq]
        omega
    · rw [hx, update_same, hq]
      have h3 := hs.formed.wantsRange t h1
      exact largest_ge _ _ _ h3.1 (decide_eq_true (by rw [hw t hn]; exact hx)) tasks h3.2
  · intro t
    show base t ≤ update s.priority task _ t
    have h1 := hs.above t
    rcases Nat.decEq t task with hn | he
    · rw [hp t hn]; exact h1
    · subst he
      rw [hq]
      omega

theorem acquire_held {tasks resources : Nat} {base : Nat → Nat} {s : Locks} (hs : s.Invariant tasks resources base)
    {task resource : Nat} (ht : 1 ≤ task ∧ task ≤ tasks) (hr : 1 ≤ resource ∧ resource ≤ resources)
    (hf : s.owner resource ≠ 0) (hb : ∀ q, 1 ≤ q → q ≤ resources → resource ≤ q → s.owner q ≠ task) :
    (acquire tasks s task resource).Invariant tasks resources base := by
  unfold acquire
  rw [if_neg hf]
  dsimp only
  have hw : ∀ t, t ≠ task → update s.wants task resource t = s.wants t := fun t h => update_other _ h
  have hself : update s.wants task resource task = resource := update_same _ _ _
  have hwz : update s.wants task resource 0 = 0 := by
    rw [hw 0 (by omega)]
    exact hs.formed.wantsZero
  have ho : Ordered s.owner (update s.wants task resource) := by
    intro r h1 h2
    rcases Nat.decEq (s.owner r) task with hx | hx
    · rw [hw _ hx] at h2 ⊢
      exact hs.ordered r h1 h2
    · rw [hx, hself]
      rcases Nat.lt_or_ge r resource with h3 | h3
      · exact h3
      · exact absurd hx (hb r (by omega) (hs.formed.ownerRange r h1).1 h3)
  have hends := ends_of_waiting hs.formed.ownerZero ho (fun r h => (hs.formed.ownerRange r h).2) ht.1 ht.2
    (show update s.wants task resource task ≠ 0 by rw [hself]; omega)
  refine ⟨⟨hs.formed.ownerZero, hs.formed.ownerRange, hwz, ?_⟩, ho, ?_, hs.based, ?_⟩
  · intro t h
    rcases Nat.decEq t task with hn | he
    · exact hs.formed.wantsRange t (fun h0 => h (by show update s.wants task resource t = 0; rw [hw t hn]; exact h0))
    · rw [he]; exact ht
  · refine lend_links hs.formed.ownerZero hwz ho _ _ _ ?_ hends
    intro t hn h1 h2
    rw [hw t hn] at h1 h2 ⊢
    exact hs.inherited t h1 h2
  · intro t
    have h1 := hs.above t
    have h2 := lend_ge s.owner (update s.wants task resource) (tasks - 1) s.priority task t
    show base t ≤ lend s.owner (update s.wants task resource) (tasks - 1) s.priority task t
    omega

theorem take_invariant {tasks resources : Nat} {base : Nat → Nat} {s : Locks} (hs : s.Invariant tasks resources base)
    (task resource : Nat) : (take tasks resources s task resource).Invariant tasks resources base := by
  unfold take
  split
  · rename_i h
    have h' := and_split h
    have hx := exist_spec h'.1
    have hh : holdsFrom s.owner task resource resources = false := by
      have h2 := h'.2
      cases hc : holdsFrom s.owner task resource resources with
      | false => rfl
      | true => rw [hc] at h2; contradiction
    rcases Nat.decEq (s.owner resource) 0 with hn | he
    · exact acquire_held hs hx.1 hx.2 hn (holdsFrom_false hh)
    · exact acquire_free hs hx.1 hx.2 he
  · exact hs

theorem give_invariant {tasks resources : Nat} {base : Nat → Nat} {s : Locks} (hs : s.Invariant tasks resources base)
    (task resource : Nat) : (give tasks resources s task resource).Invariant tasks resources base := by
  unfold give
  split
  · rename_i h
    have h' := and_split h
    have hx := exist_spec h'.1
    have hown : s.owner resource = task := of_decide_eq_true h'.2
    dsimp only
    -- nobody owns more than before
    have hu : ∀ r, update s.owner resource 0 r ≠ 0 → update s.owner resource 0 r = s.owner r := by
      intro r h1
      rcases Nat.decEq r resource with hn | he
      · exact update_other _ hn
      · rw [he, update_same] at h1
        exact absurd rfl h1
    have hp : ∀ (v t : Nat), t ≠ task → update s.priority task v t = s.priority t := fun v t h => update_other v h
    have hlent : ∀ t, (decide (s.wants t ≠ 0) && decide (update s.owner resource 0 (s.wants t) = task)) = true →
        s.priority t ≤ s.priority task := by
      intro t h1
      have h2 := and_split h1
      have h3 : s.wants t ≠ 0 := of_decide_eq_true h2.1
      have h4 : update s.owner resource 0 (s.wants t) = task := of_decide_eq_true h2.2
      have h5 := hu (s.wants t) (by rw [h4]; omega)
      rw [h4] at h5
      have h6 := hs.inherited t h3 (by rw [← h5]; omega)
      rw [← h5] at h6
      exact h6
    have hle := largest_le (test := fun t => decide (s.wants t ≠ 0) && decide (update s.owner resource 0 (s.wants t) = task))
      (value := s.priority) (least := s.base task) (most := s.priority task)
      (by have h1 := hs.above task; rw [hs.based]; exact h1) hlent tasks
    have hge := largest_ge_least (fun t => decide (s.wants t ≠ 0) && decide (update s.owner resource 0 (s.wants t) = task))
      s.priority (s.base task) tasks
    refine ⟨⟨?_, ?_, hs.formed.wantsZero, hs.formed.wantsRange⟩, ?_, ?_, hs.based, ?_⟩
    · show update s.owner resource 0 0 = 0
      rw [update_other _ (show 0 ≠ resource by omega)]
      exact hs.formed.ownerZero
    · intro r h1
      show r ≤ resources ∧ update s.owner resource 0 r ≤ tasks
      change update s.owner resource 0 r ≠ 0 at h1
      have e := hu r h1
      rw [e] at h1 ⊢
      exact hs.formed.ownerRange r h1
    · intro r h1 h2
      change update s.owner resource 0 r ≠ 0 at h1
      have e := hu r h1
      change s.wants (update s.owner resource 0 r) ≠ 0 at h2
      show r < s.wants (update s.owner resource 0 r)
      rw [e] at h1 h2 ⊢
      exact hs.ordered r h1 h2
    · intro t h1 h2
      change s.wants t ≠ 0 at h1
      change update s.owner resource 0 (s.wants t) ≠ 0 at h2
      have e := hu _ h2
      show update s.priority task _ t ≤ update s.priority task _ (update s.owner resource 0 (s.wants t))
      rw [e] at h2 ⊢
      have h3 := hs.inherited t h1 h2
      rcases Nat.decEq (s.owner (s.wants t)) task with hn | he
      · rw [hp _ _ hn]
        rcases Nat.decEq t task with hx | hx
        · rw [hp _ _ hx]; exact h3
        · subst hx
          rw [update_same]
          omega
      · rcases Nat.decEq t task with hx | hx
        · rw [hp _ _ hx, he, update_same]
          have h4 := hs.formed.wantsRange t h1
          refine largest_ge _ _ _ h4.1 ?_ tasks h4.2
          rw [decide_eq_true h1, decide_eq_true (by rw [e]; exact he)]
          rfl
        · rw [hx, ← hx, he]
          have h5 := hs.ordered (s.wants t) h2 (by rw [he, ← hx]; exact h1)
          rw [he, ← hx] at h5
          exact absurd h5 (Nat.lt_irrefl _)
    · intro t
      show base t ≤ update s.priority task _ t
      rcases Nat.decEq t task with hn | he
      · rw [hp _ _ hn]; exact hs.above t
      · subst he
        rw [update_same]
        rw [hs.based] at hge ⊢
        exact hge
  · exact hs

theorem after_invariant (tasks resources : Nat) (base : Nat → Nat) :
    ∀ calls, (after tasks resources base calls).Invariant tasks resources base
  | [] => first_invariant tasks resources base
  | .take task resource :: calls => take_invariant (after_invariant tasks resources base calls) task resource
  | .give task resource :: calls => give_invariant (after_invariant tasks resources base calls) task resource

/-! ### Main results -/

theorem chain_ascends {s : Locks} (ho : Ordered s.owner s.wants) {a b : Nat} (h : s.Chain a b) :
    s.wants a ≠ 0 ∧ (s.wants b ≠ 0 → s.wants a < s.wants b) := by
  induction h with
  | one hw =>
    rcases hw with ⟨h1, h2, h3⟩
    refine ⟨h1, fun h4 => ?_⟩
    have h5 := ho _ (by rw [h2]; exact h3) (by rw [h2]; exact h4)
    rw [h2] at h5
    exact h5
  | more hw _ ih =>
    rcases hw with ⟨h1, h2, h3⟩
    refine ⟨h1, fun h4 => ?_⟩
    have h5 := ho _ (by rw [h2]; exact h3) (by rw [h2]; exact ih.1)
    rw [h2] at h5
    have h6 := ih.2 h4
    omega

/-- For any number of tasks and resources, whatever calls are made in whatever order. -/
theorem deadlockFree (tasks resources : Nat) : DeadlockFree tasks resources := by
  intro base calls a h
  have h1 := chain_ascends (after_invariant tasks resources base calls).ordered h
  exact Nat.lt_irrefl _ (h1.2 h1.1)

theorem chain_inherits {s : Locks} (hi : ∀ t, LinkOk s.owner s.wants s.priority t) {a b : Nat} (h : s.Chain a b) :
    s.priority a ≤ s.priority b := by
  induction h with
  | one hw =>
    rcases hw with ⟨h1, h2, h3⟩
    have h4 := hi _ h1 (by rw [h2]; exact h3)
    rw [h2] at h4
    exact h4
  | more hw _ ih =>
    rcases hw with ⟨h1, h2, h3⟩
    have h4 := hi _ h1 (by rw [h2]; exact h3)
    rw [h2] at h4
    omega

theorem inversionBounded (tasks resources : Nat) : InversionBounded tasks resources :=
  fun base calls => ⟨fun _ _ h => chain_inherits (after_invariant tasks resources base calls).inherited h,
    fun t => (after_invariant tasks resources base calls).above t⟩

/-! ### Without the order -/

/-- Two tasks take two resources in opposite order, and nobody refuses. -/
def crossed : Locks :=
  acquire 2 (acquire 2 (acquire 2 (acquire 2 (first fun _ => 0) 1 1) 2 2) 1 2) 2 1

/-- The order is needed: without it two tasks wait for one another. -/
theorem unordered_deadlocks : crossed.Chain 1 1 :=
  .more (b := 2) ⟨by decide, by decide, by decide⟩ (.one ⟨by decide, by decide, by decide⟩)

/-- With it the call that closes the circle is refused. -/
theorem ordered_refuses :
    (after 2 2 (fun _ => 0) [.take 2 1, .take 1 2, .take 2 2, .take 1 1]).wants 2 = 0 := by decide

end TinyVerify.Locks
