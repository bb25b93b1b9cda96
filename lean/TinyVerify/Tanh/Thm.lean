import TinyVerify.Certified.Indexed
import TinyVerify.Tanh.Spec
/-!
# What the bounds of tanh imply

Main results: `TanhAtMost.of_ok` (a check of some sums, with what the rest may add, suffices), `TanhAtMost.mono` (tanh rises),
`TanhAtMost.order` (a lower bound is at most an upper one).
-/
namespace TinyVerify

theorem expUnit_pos : 0 < expUnit := Nat.pow_pos (by decide)

theorem expDen_pos (n : Nat) : 0 < expDen n := by
  induction n with
  | zero => exact Nat.zero_lt_one
  | succ n ih => exact Nat.mul_pos ih (Nat.mul_pos expUnit_pos (Nat.succ_pos n))

theorem expNum_mono {a b : Nat} (h : a ≤ b) (n : Nat) : expNum a n ≤ expNum b n := by
  induction n with
  | zero => exact Nat.le_refl 1
  | succ n ih => exact Nat.add_le_add (Nat.mul_le_mul_right _ ih) (Nat.pow_le_pow_left h (n + 1))

/-- The sum to `n`, in units of the next one. -/
theorem expNum_le_succ (a n : Nat) : expNum a n * (expUnit * (n + 1)) ≤ expNum a (n + 1) := Nat.le_add_right _ _

theorem expDen_le_num (a n : Nat) : expDen n ≤ expNum a n := by
  induction n with
  | zero => exact Nat.le_refl 1
  | succ n ih => exact Nat.le_trans (Nat.mul_le_mul_right _ ih) (expNum_le_succ a n)

/-- The sum to `n`, and twice the next summand. -/
def expUpper (a n : Nat) : Nat := expNum a n * (expUnit * (n + 1)) + 2 * a ^ (n + 1)

/-- Where summands halve at least, this falls. -/
theorem expUpper_succ {a n : Nat} (h : 2 * a ≤ expUnit * (n + 2)) : expUpper a (n + 1) ≤ expUpper a n * (expUnit * (n + 2)) := by
  show (expNum a n * (expUnit * (n + 1)) + a ^ (n + 1)) * (expUnit * (n + 2)) + 2 * (a ^ (n + 1) * a) ≤
    (expNum a n * (expUnit * (n + 1)) + 2 * a ^ (n + 1)) * (expUnit * (n + 2))
  have m := Nat.mul_le_mul_left (a ^ (n + 1)) h
  have e : a ^ (n + 1) * (2 * a) = 2 * (a ^ (n + 1) * a) := by ac_rfl
  have e2 : 2 * a ^ (n + 1) * (expUnit * (n + 2)) = a ^ (n + 1) * (expUnit * (n + 2)) + a ^ (n + 1) * (expUnit * (n + 2)) := by
    rw [Nat.mul_assoc, Nat.two_mul]
  rw [Nat.add_mul, Nat.add_mul, e2]
  omega

theorem bound_of_succ {a n : Nat} {u v : Int} {next : Nat} (hu : 0 ≤ u) (hn : expNum a n * (expUnit * (n + 1)) ≤ next)
    (h : u * (next : Int) ≤ v * (expDen (n + 1) : Int)) : u * (expNum a n : Int) ≤ v * (expDen n : Int) := by
  have m := Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr hn) hu
  have p : (0 : Int) < ((expUnit * (n + 1) : Nat) : Int) := Int.ofNat_lt.mpr (Nat.mul_pos expUnit_pos (Nat.succ_pos n))
  have e : ((expDen (n + 1) : Nat) : Int) = (expDen n : Int) * ((expUnit * (n + 1) : Nat) : Int) := Int.natCast_mul _ _
  rw [Int.natCast_mul] at m
  rw [e] at h
  generalize ((expUnit * (n + 1) : Nat) : Int) = k at *
  have c : k * (u * (expNum a n : Int)) ≤ k * (v * (expDen n : Int)) := by
    have e1 : k * (u * (expNum a n : Int)) = u * ((expNum a n : Int) * k) := by ac_rfl
    have e2 : k * (v * (expDen n : Int)) = v * ((expDen n : Int) * k) := by ac_rfl
    rw [e1, e2]
    exact Int.le_trans m h
  exact Int.le_of_mul_le_mul_left c p

/-- All sums, from one of them and the next summand. -/
theorem exp_le {a N : Nat} {u v : Int} (hu : 0 ≤ u) (ha : 2 * a ≤ expUnit * (N + 2))
    (h : u * (expUpper a N : Int) ≤ v * (expDen (N + 1) : Int)) (n : Nat) : u * (expNum a n : Int) ≤ v * (expDen n : Int) := by
  have later : ∀ m, u * (expUpper a (N + m) : Int) ≤ v * (expDen (N + m + 1) : Int) := by
    intro m
    induction m with
    | zero => exact h
    | succ m ih =>
      have step := expUpper_succ (a := a) (n := N + m) (Nat.le_trans ha (Nat.mul_le_mul_left _ (by omega)))
      have m1 := Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr step) hu
      have e : ((expDen (N + (m + 1) + 1) : Nat) : Int) = (expDen (N + m + 1) : Int) * ((expUnit * (N + m + 2) : Nat) : Int) := Int.natCast_mul _ _
      have m2 := Int.mul_le_mul_of_nonneg_right ih (Int.natCast_nonneg (expUnit * (N + m + 2)))
      rw [Int.natCast_mul] at m1
      rw [Int.mul_assoc, Int.mul_assoc, ← e] at m2
      exact Int.le_trans m1 m2
  have above : ∀ m, u * (expNum a (N + m) : Int) ≤ v * (expDen (N + m) : Int) := fun m => bound_of_succ hu (Nat.le_add_right _ _) (later m)
  have below : ∀ m, m ≤ N → u * (expNum a (N - m) : Int) ≤ v * (expDen (N - m) : Int) := by
    intro m
    induction m with
    | zero => exact fun _ => above 0
    | succ m ih =>
      intro hm
      have i := ih (by omega)
      have e : N - m = N - (m + 1) + 1 := by omega
      rw [e] at i
      exact bound_of_succ hu (expNum_le_succ a _) i
  rcases Nat.lt_or_ge n N with hn | hn
  · have b := below (N - n) (by omega)
    have e : N - (N - n) = n := by omega
    rw [e] at b
    exact b
  · have b := above (n - N)
    have e : N + (n - N) = n := by omega
    rw [e] at b
    exact b

theorem withInt_eq (z : Int) (g : Int → Bool) : withInt z g = g z := by
  cases z with
  | ofNat n => exact withNat_eq n (fun m => g (.ofNat m))
  | negSucc n => exact withNat_eq n (fun m => g (.negSucc m))

theorem TanhAtMost.of_ok {y t d : Int} (h : tanhAtMostOk y t d = true) : TanhAtMost y t d := by
  unfold tanhAtMostOk at h
  rw [withInt_eq, withInt_eq] at h
  cases y with
  | negSucc m =>
    simp only [withNat_eq] at h
    exact ⟨fun hc => absurd hc (by omega), fun _ => ⟨expTerms, le_of_leqInt h⟩⟩
  | ofNat m =>
    simp only [withNat_eq] at h
    have h1 := and_split h
    have sum := le_of_leqInt h1.1
    refine ⟨fun _ n => ?_, fun hc => absurd (Int.natCast_nonneg m) (show ¬ (0 : Int) ≤ m from fun h => by
      have e : Int.ofNat m = (m : Int) := rfl
      omega)⟩
    show (d - t) * (expNum m n : Int) ≤ (d + t) * (expDen n : Int)
    cases ht : leqInt (d - t) 0 with
    | true =>
      have dt := le_of_leqInt ht
      have m1 := Int.mul_nonneg (show 0 ≤ t - d by omega) (Int.natCast_nonneg (expNum m n))
      have m2 := Int.mul_nonneg sum (Int.natCast_nonneg (expDen n))
      have e : d - t = -(t - d) := by omega
      rw [e, Int.neg_mul]
      omega
    | false =>
      have h2 := h1.2
      rw [ht, Bool.false_or] at h2
      have h3 := and_split h2
      have h4 := and_split h3.2
      exact exp_le (le_of_leqInt h3.1) (Nat.le_of_ble_eq_true h4.1) (le_of_leqInt h4.2) n

/-- tanh rises. -/
theorem TanhAtMost.mono {y z t d : Int} (hd : 0 < d) (hyz : y ≤ z) (h : TanhAtMost z t d) : TanhAtMost y t d := by
  have one : ((expDen 0 : Nat) : Int) = 1 := rfl
  have one' : ∀ a, ((expNum a 0 : Nat) : Int) = 1 := fun _ => rfl
  by_cases hz : 0 ≤ z
  · have up := h.1 hz
    have first := up 0
    rw [one, one', Int.mul_one, Int.mul_one] at first
    refine ⟨fun hy n => ?_, fun _ => ⟨0, ?_⟩⟩
    · by_cases ht : t ≤ d
      · have m := Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr (expNum_mono (show y.toNat ≤ z.toNat by omega) n)) (show 0 ≤ d - t by omega)
        exact Int.le_trans m (up n)
      · have m1 := Int.mul_nonneg (show 0 ≤ t - d by omega) (Int.natCast_nonneg (expNum y.toNat n))
        have m2 := Int.mul_nonneg (show 0 ≤ d + t by omega) (Int.natCast_nonneg (expDen n))
        have e : d - t = -(t - d) := by omega
        rw [e, Int.neg_mul]
        omega
    · rw [one, one', Int.mul_one, Int.mul_one]
      exact first
  · rcases h.2 (by omega) with ⟨n, hn⟩
    refine ⟨fun hy => absurd hy (by omega), fun _ => ⟨n, ?_⟩⟩
    by_cases ht : 0 ≤ d + t
    · exact Int.le_trans hn (Int.mul_le_mul_of_nonneg_left (Int.ofNat_le.mpr (expNum_mono (show (-z).toNat ≤ (-y).toNat by omega) n)) ht)
    · have m1 := Int.mul_nonneg (show 0 ≤ -(d + t) by omega) (Int.natCast_nonneg (expNum (-z).toNat n))
      have m2 := Int.mul_pos (show 0 < d - t by omega) (Int.ofNat_lt.mpr (expDen_pos n))
      rw [Int.neg_mul] at m1
      omega

theorem order_at {t s d num den : Int} (hden : 0 < den) (hle : den ≤ num)
    (up : (d - t) * num ≤ (d + t) * den) (down : (d - s) * den ≤ (d + s) * num) : 0 ≤ t + s := by
  rw [Int.sub_mul, Int.add_mul] at up down
  have m : 0 ≤ (t + s) * (num + den) := by
    rw [Int.add_mul, Int.mul_add, Int.mul_add]
    omega
  rcases Int.lt_or_le (t + s) 0 with h | h
  · have p := Int.mul_pos (show 0 < -(t + s) by omega) (show 0 < num + den by omega)
    rw [Int.neg_mul] at p
    omega
  · exact h

/-- `-s / d ≤ tanh y ≤ t / d` -/
theorem TanhAtMost.order {y t s d : Int} (up : TanhAtMost y t d) (down : TanhAtMost (-y) s d) : 0 ≤ t + s := by
  have den0 : ∀ n, (0 : Int) < (expDen n : Int) := fun n => Int.ofNat_lt.mpr (expDen_pos n)
  have le : ∀ a n, ((expDen n : Nat) : Int) ≤ (expNum a n : Int) := fun a n => Int.ofNat_le.mpr (expDen_le_num a n)
  rcases Int.lt_or_le y 0 with hy | hy
  · rcases up.2 hy with ⟨n, hn⟩
    have o := order_at (den0 n) (le (-y).toNat n) (down.1 (by omega) n) hn
    omega
  · by_cases h0 : y = 0
    · have a := up.1 hy 0
      have b := down.1 (by omega) 0
      have one : ((expDen 0 : Nat) : Int) = 1 := rfl
      have one' : ∀ a, ((expNum a 0 : Nat) : Int) = 1 := fun _ => rfl
      rw [one, one', Int.mul_one, Int.mul_one] at a b
      omega
    · rcases down.2 (by omega) with ⟨n, hn⟩
      have e : - -y = y := by omega
      rw [e] at hn
      exact order_at (den0 n) (le y.toNat n) (up.1 hy n) hn

end TinyVerify
