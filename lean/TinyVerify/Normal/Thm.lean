import TinyVerify.Normal.Spec
import TinyVerify.Series.Thm
/-!
# A check of some sums bounds the normal distribution function

Main result: `NormalAtMost.of_ok`.
-/
namespace TinyVerify

theorem product_le {a b c d a' b' c' d' : Nat} (h : a * b ≤ c * d) (h' : a' * b' ≤ c' * d') :
    a * a' * (b * b') ≤ c * c' * (d * d') := by
  rw [Nat.mul_mul_mul_comm, Nat.mul_mul_mul_comm c]
  exact Nat.mul_le_mul h h'

theorem oddSeries_down {v : Nat} (hv : 0 < v) (s n : Nat) : 0 < (oddSeries v s).down n := Nat.mul_pos hv (Nat.succ_pos _)

theorem oddSeries_half {v s N : Nat} (h : 2 * s ≤ v * (2 * N + 3)) (n : Nat) (hn : N ≤ n) :
    2 * (oddSeries v s).up n ≤ (oddSeries v s).down n :=
  Nat.le_trans h (Nat.mul_le_mul_left v (show 2 * N + 3 ≤ 2 * n + 3 by omega))

theorem halfPi_down (n : Nat) : 0 < halfPi.down n := Nat.succ_pos _

theorem halfPi_half (N n : Nat) (_ : N ≤ n) : 2 * halfPi.up n ≤ halfPi.down n := show 2 * (n + 1) ≤ 2 * n + 3 by omega

theorem square_eq (n : Nat) : square n = n * n := withNat_eq n _

theorem CentralAtMost.of_ok {l unit a w q : Nat} (hu : 0 < unit)
    (h : centralAtMostOk (halfPi.num l) (halfPi.den l) unit a w q = true) : CentralAtMost unit a w q := by
  unfold centralAtMostOk at h
  simp only [withNat_eq, square_eq] at h
  generalize blocksFor (unit * unit) (a * a) = blocks at h
  have h1 := and_split h
  have hv := Nat.mul_pos hu hu
  have d := Series.den_pos (oddSeries_down hv (a * a)) (8 * blocks)
  have sums := Series.num_le (oddSeries_half (Nat.le_of_ble_eq_true h1.1))
  refine ⟨8 * blocks, l, fun n => Series.scaled_le (Nat.mul_pos d d)
    (product_le (sums n) (sums n)) ?_⟩
  have r := Nat.le_of_ble_eq_true h1.2
  have e1 : oddNum (unit * unit) (a * a) blocks = (oddSeries (unit * unit) (a * a)).num (8 * blocks) := powerNum_eq _ _ _ _
  have e2 : oddDen (unit * unit) blocks = (oddSeries (unit * unit) (a * a)).den (8 * blocks) := powerDen_eq _ _ _ _
  have e3 : Nat.pow (a * a) (Nat.mul 8 blocks) = (oddSeries (unit * unit) (a * a)).top (8 * blocks) := (powerSeries_top _ _ _ _).symm
  have e4 : expNum (Nat.mul 2 (unit * unit)) (a * a) blocks = (expSeries (2 * (unit * unit)) (a * a)).num (8 * blocks) := powerNum_eq _ _ _ _
  have e5 : expDen (Nat.mul 2 (unit * unit)) blocks = (expSeries (2 * (unit * unit)) (a * a)).den (8 * blocks) := powerDen_eq _ _ _ _
  rw [e1, e2, e3, e4, e5] at r
  exact r

theorem CentralAtLeast.of_ok {l unit a w q : Nat} (hu : 0 < unit)
    (h : centralAtLeastOk (halfPi.num l + halfPi.top l) (halfPi.den l) unit a w q = true) : CentralAtLeast unit a w q := by
  unfold centralAtLeastOk at h
  simp only [withNat_eq, square_eq] at h
  generalize blocksFor (unit * unit) (a * a) = blocks at h
  have h1 := and_split h
  have hv := Nat.mul_pos (show 0 < 2 by decide) (Nat.mul_pos hu hu)
  have d := Series.den_pos (expSeries_down hv (a * a)) (8 * blocks)
  have r := Nat.le_of_ble_eq_true h1.2
  have e1 : oddNum (unit * unit) (a * a) blocks = (oddSeries (unit * unit) (a * a)).num (8 * blocks) := powerNum_eq _ _ _ _
  have e2 : oddDen (unit * unit) blocks = (oddSeries (unit * unit) (a * a)).den (8 * blocks) := powerDen_eq _ _ _ _
  have e3 : Nat.pow (a * a) (Nat.mul 8 blocks) = (expSeries (2 * (unit * unit)) (a * a)).top (8 * blocks) := (powerSeries_top _ _ _ _).symm
  have e4 : expNum (Nat.mul 2 (unit * unit)) (a * a) blocks = (expSeries (2 * (unit * unit)) (a * a)).num (8 * blocks) := powerNum_eq _ _ _ _
  have e5 : expDen (Nat.mul 2 (unit * unit)) blocks = (expSeries (2 * (unit * unit)) (a * a)).den (8 * blocks) := powerDen_eq _ _ _ _
  rw [e1, e2, e3, e4, e5] at r
  refine ⟨8 * blocks, fun n k => Series.scaled_le (Nat.mul_pos (Nat.mul_pos d d) (Series.den_pos halfPi_down l)) ?_ r⟩
  have e := Series.num_le (expSeries_half (Nat.le_of_ble_eq_true h1.1)) n
  exact product_le (product_le e e) (Series.num_le (halfPi_half l) k)

theorem NormalAtMost.of_ok {l unit q : Nat} {z w : Int} (hu : 0 < unit)
    (h : normalAtMostOk (halfPi.num l) (halfPi.den l) (halfPi.num l + halfPi.top l) unit z w q = true) :
    NormalAtMost unit z w q := by
  unfold normalAtMostOk at h
  cases z with
  | ofNat n =>
    refine ⟨fun _ => ?_, fun hc => absurd (Int.natCast_nonneg n) (Int.not_le.mpr hc)⟩
    cases w with
    | ofNat w =>
      simp only [withNat_eq] at h
      exact ⟨Int.natCast_nonneg w, .of_ok hu h⟩
    | negSucc w => exact Bool.noConfusion h
  | negSucc n =>
    refine ⟨fun hc => absurd hc (by omega), fun _ => ?_⟩
    cases w with
    | ofNat w => exact .inl (Int.natCast_nonneg w)
    | negSucc w =>
      simp only [withNat_eq] at h
      exact .inr (.of_ok hu h)

end TinyVerify
