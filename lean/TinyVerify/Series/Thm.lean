import TinyVerify.Series.Spec
/-!
# What some sums say of all

Main results: `Series.num_le` (where terms halve at least from `N` on, all sums are at most that to `N` and its last term again),
`ExpAtMost.of_both` (a check of one sum suffices), `ExpAtMost.mono` (the exponential rises).
-/
namespace TinyVerify
namespace Series

theorem den_pos {s : Series} (h : ∀ n, 0 < s.down n) (n : Nat) : 0 < s.den n := by
  induction n with
  | zero => exact Nat.zero_lt_one
  | succ n ih => exact Nat.mul_pos ih (h n)

theorem den_le_num (s : Series) (n : Nat) : s.den n ≤ s.num n := by
  induction n with
  | zero => exact Nat.le_refl 1
  | succ n ih => exact Nat.le_trans (Nat.mul_le_mul_right _ ih) (Nat.le_add_right _ _)

/-- Sums rise. -/
theorem num_add (s : Series) (n k : Nat) : s.num n * s.den (n + k) ≤ s.num (n + k) * s.den n := by
  induction k with
  | zero => exact Nat.le_refl _
  | succ k ih =>
    have e : s.num n * s.den (n + (k + 1)) = s.num n * s.den (n + k) * s.down (n + k) := (Nat.mul_assoc _ _ _).symm
    have m : s.num (n + k) * s.down (n + k) ≤ s.num (n + (k + 1)) := Nat.le_add_right _ _
    have r : s.num (n + k) * s.den n * s.down (n + k) = s.num (n + k) * s.down (n + k) * s.den n := Nat.mul_right_comm _ _ _
    rw [e]
    exact Nat.le_trans (Nat.mul_le_mul_right _ ih) (r ▸ Nat.mul_le_mul_right _ m)

/-- Where terms halve at least, a sum and its last term again fall. -/
theorem upper_add {s : Series} {N : Nat} (half : ∀ n, N ≤ n → 2 * s.up n ≤ s.down n) (k : Nat) :
    (s.num (N + k) + s.top (N + k)) * s.den N ≤ (s.num N + s.top N) * s.den (N + k) := by
  induction k with
  | zero => exact Nat.le_refl _
  | succ k ih =>
    have m := Nat.mul_le_mul_left (s.top (N + k)) (half (N + k) (Nat.le_add_right N k))
    have step : s.num (N + (k + 1)) + s.top (N + (k + 1)) ≤ (s.num (N + k) + s.top (N + k)) * s.down (N + k) := by
      show s.num (N + k) * s.down (N + k) + s.top (N + k) * s.up (N + k) + s.top (N + k) * s.up (N + k) ≤ _
      have e : s.top (N + k) * (2 * s.up (N + k)) = s.top (N + k) * s.up (N + k) + s.top (N + k) * s.up (N + k) := by
        rw [Nat.mul_left_comm, Nat.two_mul]
      rw [Nat.add_mul, Nat.add_assoc, ← e]
      exact Nat.add_le_add_left m _
    have e : (s.num N + s.top N) * s.den (N + (k + 1)) = (s.num N + s.top N) * s.den (N + k) * s.down (N + k) :=
      (Nat.mul_assoc _ _ _).symm
    rw [e]
    refine Nat.le_trans (Nat.mul_le_mul_right _ step) ?_
    rw [Nat.mul_right_comm]
    exact Nat.mul_le_mul_right _ ih

/-- All sums, from one of them. -/
theorem num_le {s : Series} {N : Nat} (half : ∀ n, N ≤ n → 2 * s.up n ≤ s.down n) (n : Nat) :
    s.num n * s.den N ≤ (s.num N + s.top N) * s.den n := by
  rcases Nat.le_total n N with h | h
  · rcases Nat.le.dest h with ⟨k, rfl⟩
    exact Nat.le_trans (s.num_add n k) (Nat.mul_le_mul_right _ (Nat.le_add_right _ _))
  · rcases Nat.le.dest h with ⟨k, rfl⟩
    exact Nat.le_trans (Nat.mul_le_mul_right _ (Nat.le_add_right _ _)) (upper_add half k)

/-- What holds of a ratio holds of a smaller one. -/
theorem scaled_le {c k num den upper d : Nat} (hd : 0 < d) (h : num * d ≤ upper * den) (bound : c * upper ≤ k * d) :
    c * num ≤ k * den := by
  have m : c * num * d ≤ k * den * d := by
    rw [Nat.mul_assoc, Nat.mul_right_comm k]
    refine Nat.le_trans (Nat.mul_le_mul_left c h) ?_
    rw [← Nat.mul_assoc]
    exact Nat.mul_le_mul_right _ bound
  exact Nat.le_of_mul_le_mul_right m hd

theorem AtMost.of_nonpos {s : Series} {c t : Int} (hc : c ≤ 0) (ht : 0 ≤ t) : s.AtMost c t := fun n => by
  have a := Int.mul_nonneg (show 0 ≤ -c by omega) (Int.natCast_nonneg (s.num n))
  have b := Int.mul_nonneg ht (Int.natCast_nonneg (s.den n))
  rw [Int.neg_mul] at a
  omega

theorem AtMost.of_upper {s : Series} {N : Nat} {c t : Int} (hs : ∀ n, 0 < s.down n) (ht : 0 ≤ t)
    (half : ∀ n, N ≤ n → 2 * s.up n ≤ s.down n) (h : c * ((s.num N + s.top N : Nat) : Int) ≤ t * (s.den N : Int)) :
    s.AtMost c t := by
  rcases Int.lt_or_le 0 c with hc | hc
  · intro n
    have ec : ((c.toNat : Nat) : Int) = c := by omega
    have et : ((t.toNat : Nat) : Int) = t := by omega
    rw [← ec, ← et, ← Int.natCast_mul, ← Int.natCast_mul] at h ⊢
    exact Int.ofNat_le.mpr (scaled_le (den_pos hs N) (num_le half n) (Int.ofNat_le.mp h))
  · exact .of_nonpos hc ht

end Series

theorem expSeries_down {unit : Nat} (hu : 0 < unit) (a n : Nat) : 0 < (expSeries unit a).down n :=
  Nat.mul_pos hu (Nat.succ_pos n)

theorem expSeries_half {unit a N : Nat} (h : 2 * a ≤ unit * (N + 1)) (n : Nat) (hn : N ≤ n) :
    2 * (expSeries unit a).up n ≤ (expSeries unit a).down n :=
  Nat.le_trans h (Nat.mul_le_mul_left _ (Nat.succ_le_succ hn))

theorem expSeries_den (unit a b n : Nat) : (expSeries unit a).den n = (expSeries unit b).den n := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg (· * (unit * (n + 1))) ih

theorem expSeries_top {a b : Nat} (unit : Nat) (h : a ≤ b) (n : Nat) : (expSeries unit a).top n ≤ (expSeries unit b).top n := by
  induction n with
  | zero => exact Nat.le_refl 1
  | succ n ih => exact Nat.mul_le_mul ih h

theorem expSeries_num {a b : Nat} (unit : Nat) (h : a ≤ b) (n : Nat) : (expSeries unit a).num n ≤ (expSeries unit b).num n := by
  induction n with
  | zero => exact Nat.le_refl 1
  | succ n ih => exact Nat.add_le_add (Nat.mul_le_mul_right _ ih) (expSeries_top unit h (n + 1))

theorem natDiff_eq (p m : Nat) : natDiff p m = (p : Int) - m := by
  unfold natDiff
  cases e : Nat.sub m p with
  | zero =>
    have e' : m - p = 0 := e
    show ((p - m : Nat) : Int) = p - m
    omega
  | succ k =>
    have e' : m - p = k + 1 := e
    show Int.negSucc k = p - m
    omega

theorem powerSeries_top (f : Nat → Nat) (unit a n : Nat) : (powerSeries f unit a).top n = Nat.pow a n := by
  induction n with
  | zero => rfl
  | succ n ih => exact congrArg (· * a) ih

theorem powerSeries_den (f : Nat → Nat) (unit a n : Nat) :
    (powerSeries f unit a).den n = Nat.mul (Nat.pow unit n) (factors f n) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    show (powerSeries f unit a).den n * (unit * f n) = unit ^ n * unit * (factors f n * f n)
    rw [ih]
    exact Nat.mul_mul_mul_comm _ _ _ _

theorem eightTerms_eq (f : Nat → Nat) (unit a i : Nat) :
    eightTerms f unit a i ((powerSeries f unit a).num i) = (powerSeries f unit a).num (i + 8) := by
  have step : ∀ n, Nat.add (Nat.mul ((powerSeries f unit a).num n) (Nat.mul unit (f n))) (Nat.pow a (n + 1)) =
      (powerSeries f unit a).num (n + 1) := fun n =>
    congrArg (fun t => (powerSeries f unit a).num n * (unit * f n) + t) (powerSeries_top f unit a (n + 1)).symm
  rw [← step (i + 7), ← step (i + 6), ← step (i + 5), ← step (i + 4), ← step (i + 3), ← step (i + 2), ← step (i + 1), ← step i]
  rfl

theorem powerNum_eq (f : Nat → Nat) (unit a blocks : Nat) : powerNum f unit a blocks = (powerSeries f unit a).num (8 * blocks) := by
  induction blocks with
  | zero => rfl
  | succ k ih =>
    show withNat (8 * k) (fun i => eightTerms f unit a i (powerNum f unit a k)) = _
    rw [withNat_eq, ih]
    exact eightTerms_eq f unit a (8 * k)

theorem powerDen_eq (f : Nat → Nat) (unit a blocks : Nat) : powerDen f unit blocks = (powerSeries f unit a).den (8 * blocks) :=
  (powerSeries_den f unit a (8 * blocks)).symm

theorem ExpAtMost.zero {unit : Nat} {c t : Int} (h : c ≤ t) : ExpAtMost unit 0 c t := by
  have e : ∀ n, (expSeries unit 0).num n = (expSeries unit 0).den n := fun n => by
    induction n with
    | zero => rfl
    | succ n ih => exact congrArg (· * (unit * (n + 1))) ih
  refine ⟨fun _ n => ?_, fun hc => absurd hc (by omega)⟩
  show c * ((expSeries unit 0).num n : Int) ≤ t * ((expSeries unit 0).den n : Int)
  rw [e n]
  exact Int.mul_le_mul_of_nonneg_right h (Int.natCast_nonneg _)

theorem nat_of_pos {a : Nat} (h : 1 ≤ a) : ¬ (0 : Int) ≤ -(a : Int) := by omega

theorem ExpAtMost.of_pair {blocks unit a c t c' t' : Nat} (hu : 0 < unit) (ha : 1 ≤ a)
    (h : expPairOk blocks unit a c t c' t' = true) : ExpAtMost unit a c t ∧ ExpAtMost unit (-(a : Int)) c' t' := by
  unfold expPairOk at h
  have en : expNum unit a blocks = (expSeries unit a).num (8 * blocks) := powerNum_eq _ unit a blocks
  have ed : expDen unit blocks = (expSeries unit a).den (8 * blocks) := powerDen_eq _ unit a blocks
  have et : Nat.pow a (Nat.mul 8 blocks) = (expSeries unit a).top (8 * blocks) := (powerSeries_top _ unit a (8 * blocks)).symm
  rw [withNat_eq, withNat_eq, en, ed, et] at h
  have h1 := and_split h
  refine ⟨⟨fun _ => ?_, fun hc => absurd hc (by omega)⟩, ⟨fun hc => absurd hc (nat_of_pos ha), fun _ => ⟨8 * blocks, ?_⟩⟩⟩
  · show (expSeries unit a).AtMost c t
    have ht : (0 : Int) ≤ (t : Int) := Int.natCast_nonneg t
    rcases or_split h1.2 with h2 | h2
    · have := Nat.le_of_ble_eq_true h2
      exact .of_nonpos (by omega) ht
    · have h3 := and_split h2
      refine .of_upper (expSeries_down hu a) ht (expSeries_half (Nat.le_of_ble_eq_true h3.1)) ?_
      rw [← Int.natCast_mul, ← Int.natCast_mul]
      exact Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h3.2)
  · have e : (- -(a : Int)).toNat = a := by omega
    rw [e, ← Int.natCast_mul, ← Int.natCast_mul]
    exact Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h1.1)

theorem ExpAtMost.of_both {unit : Nat} {a : Int} {c t c' t' : Nat} (hu : 0 < unit)
    (h : expBothOk unit a c t c' t' = true) : ExpAtMost unit a c t ∧ ExpAtMost unit (-a) c' t' := by
  unfold expBothOk at h
  cases a with
  | ofNat n =>
    simp only [withNat_eq] at h
    rcases or_split h with h1 | h1
    · have h2 := and_split h1
      have h3 := and_split h2.2
      have e : n = 0 := Nat.eq_of_beq_eq_true h2.1
      subst e
      exact ⟨.zero (Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h3.1)), .zero (Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h3.2))⟩
    · have h2 := and_split h1
      exact ExpAtMost.of_pair hu (Nat.le_of_ble_eq_true h2.1) h2.2
  | negSucc n =>
    simp only [withNat_eq] at h
    have p := ExpAtMost.of_pair hu (Nat.succ_pos n) h
    exact ⟨p.2, p.1⟩

/-- Less on the left, more on the right. -/
theorem ExpAtMost.weaken {unit : Nat} {a c t c' t' : Int} (h : ExpAtMost unit a c t) (hc : c' ≤ c) (ht : t ≤ t') : ExpAtMost unit a c' t' := by
  have le : ∀ x y : Nat, c * (x : Int) ≤ t * (y : Int) → c' * (x : Int) ≤ t' * (y : Int) := fun x y h =>
    Int.le_trans (Int.mul_le_mul_of_nonneg_right hc (Int.natCast_nonneg x))
      (Int.le_trans h (Int.mul_le_mul_of_nonneg_right ht (Int.natCast_nonneg y)))
  exact ⟨fun ha n => le _ _ (h.1 ha n), fun ha => (h.2 ha).elim fun n hn => ⟨n, le _ _ hn⟩⟩

/-- The exponential rises. -/
theorem ExpAtMost.mono {unit : Nat} {y z c t : Int} (hu : 0 < unit) (hct : 0 < c + t) (hyz : y ≤ z) (h : ExpAtMost unit z c t) :
    ExpAtMost unit y c t := by
  by_cases hz : 0 ≤ z
  · have up := h.1 hz
    have first : c * 1 ≤ t * 1 := up 0
    rw [Int.mul_one, Int.mul_one] at first
    refine ⟨fun hy => ?_, fun _ => ⟨0, show c * 1 ≤ t * 1 by omega⟩⟩
    by_cases hc : 0 ≤ c
    · intro n
      have m := Int.mul_le_mul_of_nonneg_left
        (Int.ofNat_le.mpr (expSeries_num unit (show y.toNat ≤ z.toNat by omega) n)) hc
      rw [expSeries_den unit y.toNat z.toNat]
      exact Int.le_trans m (up n)
    · exact .of_nonpos (by omega) (by omega)
  · rcases h.2 (by omega) with ⟨n, hn⟩
    refine ⟨fun hy => absurd hy (by omega), fun _ => ⟨n, ?_⟩⟩
    rw [expSeries_den unit (-y).toNat (-z).toNat]
    by_cases ht : 0 ≤ t
    · exact Int.le_trans hn (Int.mul_le_mul_of_nonneg_left
        (Int.ofNat_le.mpr (expSeries_num unit (show (-z).toNat ≤ (-y).toNat by omega) n)) ht)
    · have m1 := Int.mul_nonneg (show 0 ≤ -t by omega) (Int.natCast_nonneg ((expSeries unit (-z).toNat).num n))
      have m2 := Int.mul_pos (show 0 < c by omega)
        (Int.ofNat_lt.mpr (Series.den_pos (expSeries_down hu (-z).toNat) n))
      rw [Int.neg_mul] at m1
      omega

end TinyVerify
