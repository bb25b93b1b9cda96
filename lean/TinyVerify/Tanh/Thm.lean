import TinyVerify.Certified.Indexed
import TinyVerify.Series.Thm
import TinyVerify.Tanh.Spec
/-!
# What the bounds of tanh imply

Main results: `TanhAtMost.of_ok` (a check of some sums, with what the rest may add, suffices), `TanhAtMost.mono` (tanh rises),
`TanhAtMost.order` (a lower bound is at most an upper one).
-/
namespace TinyVerify

theorem tanhUnit_pos : 0 < tanhUnit := Nat.pow_pos (by decide)

theorem withInt_eq (z : Int) (g : Int → Bool) : withInt z g = g z := by
  cases z with
  | ofNat n => exact withNat_eq n (fun m => g (.ofNat m))
  | negSucc n => exact withNat_eq n (fun m => g (.negSucc m))

theorem TanhAtMost.of_ok {y t d : Int} (h : tanhAtMostOk y t d = true) : TanhAtMost tanhUnit y t d := by
  have en : ∀ a, expNum tanhUnit a tanhBlocks = (expSeries tanhUnit a).num (8 * tanhBlocks) := fun a => powerNum_eq _ _ _ _
  have ed : ∀ a, expDen tanhUnit tanhBlocks = (expSeries tanhUnit a).den (8 * tanhBlocks) := fun a => powerDen_eq _ _ _ _
  have et : ∀ a, Nat.pow a (8 * tanhBlocks) = (expSeries tanhUnit a).top (8 * tanhBlocks) := fun a => (powerSeries_top _ tanhUnit a _).symm
  unfold tanhAtMostOk at h
  rw [withInt_eq, withInt_eq] at h
  cases y with
  | negSucc m =>
    simp only [withNat_eq] at h
    rw [en, ed (2 * (m + 1))] at h
    refine ⟨fun hc => absurd hc (by omega), fun _ => ⟨8 * tanhBlocks, ?_⟩⟩
    have e : (-(2 * Int.negSucc m)).toNat = 2 * (m + 1) := by omega
    rw [e]
    exact le_of_leqInt h
  | ofNat m =>
    simp only [withNat_eq] at h
    have h1 := and_split h
    have sum := le_of_leqInt h1.1
    have pos : (0 : Int) ≤ 2 * Int.ofNat m := Int.mul_nonneg (by decide) (Int.natCast_nonneg m)
    refine ⟨fun _ => ?_, fun hc => absurd pos (Int.not_le.mpr hc)⟩
    have e : (2 * Int.ofNat m).toNat = 2 * m := rfl
    rw [e]
    rcases or_split h1.2 with h2 | h2
    · exact .of_nonpos (le_of_leqInt h2) sum
    · have h3 := and_split h2
      rw [en, et, ed (2 * m)] at h3
      exact .of_upper (expSeries_down tanhUnit_pos _) sum (expSeries_half (Nat.le_of_ble_eq_true h3.1)) (le_of_leqInt h3.2)

/-- tanh rises. -/
theorem TanhAtMost.mono {y z t d : Int} (hd : 0 < d) (hyz : y ≤ z) (h : TanhAtMost tanhUnit z t d) : TanhAtMost tanhUnit y t d :=
  ExpAtMost.mono tanhUnit_pos (by omega) (by omega) h

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
theorem TanhAtMost.order {y t s d : Int} (up : TanhAtMost tanhUnit y t d) (down : TanhAtMost tanhUnit (-y) s d) : 0 ≤ t + s := by
  have den0 : ∀ a n, (0 : Int) < ((expSeries tanhUnit a).den n : Int) := fun a n =>
    Int.ofNat_lt.mpr (Series.den_pos (expSeries_down tanhUnit_pos a) n)
  have le : ∀ a n, (((expSeries tanhUnit a).den n : Nat) : Int) ≤ ((expSeries tanhUnit a).num n : Int) := fun a n =>
    Int.ofNat_le.mpr (Series.den_le_num _ n)
  rcases Int.lt_or_le y 0 with hy | hy
  · rcases up.2 (by omega) with ⟨n, hn⟩
    have e : 2 * -y = -(2 * y) := by omega
    have low := down.1 (by omega) n
    rw [e] at low
    have o := order_at (den0 _ n) (le _ n) low hn
    omega
  · by_cases h0 : y = 0
    · have a : (d - t) * 1 ≤ (d + t) * 1 := up.1 (by omega) 0
      have b : (d - s) * 1 ≤ (d + s) * 1 := down.1 (by omega) 0
      omega
    · rcases down.2 (by omega) with ⟨n, hn⟩
      have e : -(2 * -y) = 2 * y := by omega
      rw [e] at hn
      exact order_at (den0 _ n) (le _ n) (up.1 (by omega) n) hn

end TinyVerify
