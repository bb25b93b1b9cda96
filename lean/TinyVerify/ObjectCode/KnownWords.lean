import TinyVerify.ObjectCode.KnownAccumulators
/-!
# What is known of a word after one operation is right

Choices, sums, products, shifts and wrap-arounds of words of which something is known.
-/
namespace TinyVerify.ObjectCode

/-! ### words -/

def Known.Holds (top : Int) : Known → Int → Prop
  | acc r, z => Int32 z ∧ r.Holds top z
  | number c m, z => (m : Int) ∣ z - c

theorem Known.any_holds (top z : Int) : Known.any.Holds top z := by
  show ((1 : Nat) : Int) ∣ z - 0
  exact ⟨z, by have : ((1 : Nat) : Int) = 1 := rfl; omega⟩

theorem natAbs_dvd (k : Int) : (k.natAbs : Int) ∣ k := by
  by_cases h : 0 ≤ k
  · exact ⟨1, by omega⟩
  · exact ⟨-1, by omega⟩

theorem natCast_dvd {a b : Nat} (h : a ∣ b) : (a : Int) ∣ (b : Int) := by
  obtain ⟨c, e⟩ := h
  exact ⟨c, by rw [e, Int.natCast_mul]⟩

theorem dvd_of_dvd {a b c : Int} (h : a ∣ b) (h' : b ∣ c) : a ∣ c := by
  obtain ⟨p, ep⟩ := h
  obtain ⟨q, eq⟩ := h'
  exact ⟨p * q, by rw [eq, ep, Int.mul_assoc]⟩

theorem gcd_dvd_first (m l : Nat) {z : Int} (h : (m : Int) ∣ z) : ((Nat.gcd m l : Nat) : Int) ∣ z :=
  dvd_of_dvd (natCast_dvd (Nat.gcd_dvd_left m l)) h

theorem gcd_dvd_second (m l : Nat) {z : Int} (h : (l : Int) ∣ z) : ((Nat.gcd m l : Nat) : Int) ∣ z :=
  dvd_of_dvd (natCast_dvd (Nat.gcd_dvd_right m l)) h

theorem eq_of_zero_dvd {z c : Int} (h : ((0 : Nat) : Int) ∣ z - c) : z = c := by
  obtain ⟨q, e⟩ := h
  have e0 : ((0 : Nat) : Int) = 0 := rfl
  rw [e0, Int.zero_mul] at e
  omega

theorem zero_dvd_self (c : Int) : ((0 : Nat) : Int) ∣ c - c := ⟨0, by rw [Int.mul_zero]; omega⟩

theorem Known.either_left {top z : Int} (k l : Known) (h : k.Holds top z) : (k.either l).Holds top z := by
  cases k with
  | acc r =>
    cases l with
    | acc s => exact ⟨h.1, r.either_left s h.2⟩
    | number _ _ => exact any_holds top z
  | number c m =>
    cases l with
    | acc s => exact any_holds top z
    | number d l =>
      show Holds top (match eqInt c d with
        | true => .number c (Nat.gcd m l)
        | false => .number c (Nat.gcd m (Nat.gcd l (c - d).natAbs))) z
      cases eqInt c d with
      | true => exact gcd_dvd_first _ _ h
      | false => exact gcd_dvd_first _ _ h

theorem Known.either_right {top z : Int} (k l : Known) (h : l.Holds top z) : (k.either l).Holds top z := by
  cases k with
  | acc r =>
    cases l with
    | acc s => exact ⟨h.1, r.either_right s h.2⟩
    | number _ _ => exact any_holds top z
  | number c m =>
    cases l with
    | acc s => exact any_holds top z
    | number d l =>
      have h1 : (l : Int) ∣ z - d := h
      show Holds top (match eqInt c d with
        | true => .number c (Nat.gcd m l)
        | false => .number c (Nat.gcd m (Nat.gcd l (c - d).natAbs))) z
      cases he : eqInt c d with
      | true =>
        rw [← eqInt_spec he] at h1
        exact gcd_dvd_second m l h1
      | false =>
        show ((Nat.gcd m (Nat.gcd l (c - d).natAbs) : Nat) : Int) ∣ z - c
        have h2 : ((c - d).natAbs : Int) ∣ c - d := natAbs_dvd _
        have h3 := Int.dvd_sub (gcd_dvd_first l (c - d).natAbs h1) (gcd_dvd_second l _ h2)
        have e : z - d - (c - d) = z - c := by omega
        rw [e] at h3
        exact gcd_dvd_second _ _ h3

theorem ble_iff (m n : Nat) : Nat.ble m n = true ↔ m ≤ n := ⟨Nat.le_of_ble_eq_true, Nat.ble_eq_true_of_le⟩

theorem geInt_iff (c d k : Int) : geInt c d k = true ↔ 0 ≤ c - d + k := by
  cases c with
  | negSucc a => exact leInt_iff _ _
  | ofNat a =>
    cases d with
    | negSucc b => exact leInt_iff _ _
    | ofNat b =>
      cases k with
      | ofNat l =>
        show Nat.ble b (a + l) = true ↔ 0 ≤ (a : Int) - (b : Int) + (l : Int)
        rw [ble_iff]
        omega
      | negSucc l =>
        show Nat.ble (b + (l + 1)) a = true ↔ 0 ≤ (a : Int) - (b : Int) + Int.negSucc l
        rw [ble_iff, Int.negSucc_eq]
        omega

theorem Known.compare_spec {top y z k : Int} {a b : Known} (hy : a.Holds top y) (hz : b.Holds top z) {t : Bool}
    (h : a.compare k b = some t) : t = true ↔ 0 ≤ y - z + k := by
  cases a with
  | acc r =>
    cases b with
    | acc s => exact Rank.compare_spec hy.2 hz.2 h
    | number d l => cases h
  | number c m =>
    cases b with
    | acc s => cases m <;> cases h
    | number d l =>
      cases m with
      | succ _ => cases h
      | zero =>
        cases l with
        | succ _ => cases h
        | zero =>
          rw [eq_of_zero_dvd hy, eq_of_zero_dvd hz, ← Option.some.inj h, geInt_iff]

theorem maxInt_eq (c d : Int) : maxInt c d = Max.max c d := by
  unfold maxInt
  cases h : leInt c d with
  | true => have := leInt_spec h; show d = Max.max c d; omega
  | false => have := leInt_false h; show c = Max.max c d; omega

theorem minInt_eq (c d : Int) : minInt c d = Min.min c d := by
  unfold minInt
  cases h : leInt c d with
  | true => have := leInt_spec h; show c = Min.min c d; omega
  | false => have := leInt_false h; show d = Min.min c d; omega

theorem Known.orLeast_spec {top y z c : Int} {m : Nat} {r : Rank} (hy : (m : Int) ∣ y - c) (hz : (Known.acc r).Holds top z) :
    (Known.orLeast c m r).Holds top (Max.max y z) := by
  unfold orLeast
  cases ht : Nat.beq m 0 && leInt c (-2147483648) with
  | false => exact any_holds top _
  | true =>
    have h1 := and_split ht
    rw [Nat.eq_of_beq_eq_true h1.1] at hy
    have h2 := eq_of_zero_dvd hy
    have h3 := leInt_spec h1.2
    have h4 := hz.1.1
    have e : Max.max y z = z := by omega
    rw [e]
    exact hz

theorem Known.max_spec {top y z : Int} {a b : Known} (hy : a.Holds top y) (hz : b.Holds top z) :
    (a.max b).Holds top (Max.max y z) := by
  cases a with
  | acc r =>
    cases b with
    | acc s =>
      refine ⟨?_, Rank.max_spec hy.2 hz.2⟩
      have h1 := hy.1
      have h2 := hz.1
      exact ⟨by have := h1.1; omega, by have := h1.2; have := h2.2; omega⟩
    | number d l =>
      have e : Max.max y z = Max.max z y := by omega
      rw [e]
      exact orLeast_spec hz hy
  | number c m =>
    cases b with
    | acc s =>
      cases m with
      | zero => exact orLeast_spec hy hz
      | succ _ => exact orLeast_spec hy hz
    | number d l =>
      cases m with
      | succ _ => exact any_holds top _
      | zero =>
        cases l with
        | succ _ => exact any_holds top _
        | zero =>
          show ((0 : Nat) : Int) ∣ Max.max y z - maxInt c d
          rw [eq_of_zero_dvd hy, eq_of_zero_dvd hz, maxInt_eq]
          exact zero_dvd_self _

theorem Known.min_spec {top y z : Int} {a b : Known} (hy : a.Holds top y) (hz : b.Holds top z) :
    (a.min b).Holds top (Min.min y z) := by
  cases a with
  | acc r => exact any_holds top _
  | number c m =>
    cases b with
    | acc s => cases m <;> exact any_holds top _
    | number d l =>
      cases m with
      | succ _ => exact any_holds top _
      | zero =>
        cases l with
        | succ _ => exact any_holds top _
        | zero =>
          show ((0 : Nat) : Int) ∣ Min.min y z - minInt c d
          rw [eq_of_zero_dvd hy, eq_of_zero_dvd hz, minInt_eq]
          exact zero_dvd_self _

theorem Known.add_spec {top y z : Int} {a b : Known} (hy : a.Holds top y) (hz : b.Holds top z) :
    (a.add b).Holds top (y + z) := by
  cases a with
  | acc r => exact any_holds top _
  | number c m =>
    cases b with
    | acc s => exact any_holds top _
    | number d l =>
      show ((Nat.gcd m l : Nat) : Int) ∣ y + z - (c + d)
      have h1 := Int.dvd_add (gcd_dvd_first m l hy) (gcd_dvd_second m l hz)
      have e : y - c + (z - d) = y + z - (c + d) := by omega
      rw [e] at h1
      exact h1

theorem Known.mul_spec {top z : Int} {a : Known} (h : a.Holds top z) (k : Int) : (a.mul k).Holds top (z * k) := by
  cases a with
  | acc r => exact any_holds top _
  | number c m =>
    show ((m * k.natAbs : Nat) : Int) ∣ z * k - c * k
    obtain ⟨p, ep⟩ : (m : Int) ∣ z - c := h
    obtain ⟨q, eq⟩ : (k.natAbs : Int) ∣ k := natAbs_dvd _
    have e : z * k - c * k = (z - c) * k := by rw [Int.sub_mul]
    have inner : ∀ n : Int, k = n * q → p * k = n * (p * q) := fun n h => by rw [h, Int.mul_left_comm]
    exact ⟨p * q, by rw [e, ep, Int.natCast_mul, Int.mul_assoc, Int.mul_assoc, inner _ eq]⟩

theorem dvd_of_mod {m p : Nat} (h : Nat.beq (Nat.mod m p) 0 = true) : ∃ q : Nat, m = p * q := by
  obtain ⟨q, e⟩ := Nat.dvd_of_mod_eq_zero (Nat.eq_of_beq_eq_true h)
  exact ⟨q, e⟩

theorem Known.floor_spec {top z : Int} {a : Known} (h : a.Holds top z) (k : Nat) : (a.floor k).Holds top (asr z k) := by
  cases a with
  | acc r => exact any_holds top _
  | number c m =>
    show Holds top (match Nat.beq (Nat.mod m (Nat.pow 2 k)) 0 with
      | true => .number (shr c k) (Nat.div m (Nat.pow 2 k))
      | false => any) (asr z k)
    cases ht : Nat.beq (Nat.mod m (Nat.pow 2 k)) 0 with
    | false => exact any_holds top _
    | true =>
      obtain ⟨q, eq⟩ := dvd_of_mod ht
      obtain ⟨p, ep⟩ : (m : Int) ∣ z - c := h
      show ((m / 2 ^ k : Nat) : Int) ∣ asr z k - shr c k
      have e1 : z = c + ((q : Int) * p) * ((2 ^ k : Nat) : Int) := by
        have e2 : (m : Int) * p = ((2 ^ k : Nat) : Int) * ((q : Int) * p) := by
          rw [eq, Int.natCast_mul, Int.mul_assoc]
          rfl
        rw [Int.mul_comm ((q : Int) * p), ← e2]
        omega
      have e3 : m / 2 ^ k = q := by
        rw [eq]
        exact Nat.mul_div_cancel_left q (Nat.two_pow_pos k)
      rw [e3, e1, asr_add_mul, shr_eq]
      exact ⟨p, by omega⟩

/-- Numbers that differ by multiples of `m` have the same remainder by a divisor of `m`. -/
theorem remainder_eq {m p : Nat} (h : Nat.beq (Nat.mod m p) 0 = true) {z c : Int} (hz : (m : Int) ∣ z - c) (h' : Int) :
    (z + h') % (p : Int) = (c + h') % (p : Int) := by
  obtain ⟨q, eq⟩ := dvd_of_mod h
  obtain ⟨r, er⟩ := hz
  have e : z + h' = c + h' + (p : Int) * ((q : Int) * r) := by
    rw [eq, Int.natCast_mul, Int.mul_assoc] at er
    omega
  rw [e]
  exact Int.add_mul_emod_self_left _ _ _

/-- A wrap-around takes a multiple of `p` away. -/
theorem Known.wrapped_spec {top z d c w : Int} {m p : Nat} (hz : (m : Int) ∣ z - c) (hw : (p : Int) ∣ z - w)
    (hd : Nat.beq (Nat.mod m p) 0 = true → w = d) : (Known.wrapped p d c m).Holds top w := by
  unfold wrapped
  cases ht : Nat.beq (Nat.mod m p) 0 with
  | true =>
    show ((0 : Nat) : Int) ∣ w - d
    rw [hd ht]
    exact zero_dvd_self d
  | false =>
    show ((Nat.gcd m p : Nat) : Int) ∣ w - c
    have h1 := Int.dvd_sub (gcd_dvd_first m p hz) (gcd_dvd_second m p hw)
    have e : z - c - (z - w) = w - c := by omega
    rw [e] at h1
    exact h1

theorem lowUnsigned_eq (bits : Nat) (c : Int) : lowUnsigned bits c = unsignedBits bits c := by
  cases c with
  | ofNat n => rfl
  | negSucc n => rfl

theorem lowSigned_eq (bits : Nat) (c : Int) : lowSigned bits c = signedBits bits c := by
  cases c with
  | negSucc n => rfl
  | ofNat n =>
    show (match Nat.ble (Nat.succ (Nat.add n n)) (Nat.pow 2 bits) with
      | true => Int.ofNat n
      | false => signedBits bits (.ofNat n)) = _
    cases h : Nat.ble (Nat.succ (Nat.add n n)) (Nat.pow 2 bits) with
    | false => rfl
    | true =>
      have h1 : n + n + 1 ≤ 2 ^ bits := Nat.le_of_ble_eq_true h
      show (n : Int) = ((n : Int) + half bits) % ((2 ^ bits : Nat) : Int) - half bits
      have e : half bits = ((2 ^ bits : Nat) : Int) / 2 := rfl
      rw [e, Int.emod_eq_of_lt (by omega) (by omega)]
      omega

theorem Known.unsigned_spec {top z : Int} {a : Known} (h : a.Holds top z) (bits : Nat) :
    (a.unsigned bits).Holds top (unsignedBits bits z) := by
  cases a with
  | acc r => exact any_holds top _
  | number c m =>
    show (wrapped (2 ^ bits) (lowUnsigned bits c) c m).Holds top (unsignedBits bits z)
    rw [lowUnsigned_eq]
    refine wrapped_spec h ⟨z / ((2 ^ bits : Nat) : Int), ?_⟩ ?_
    · show z - z % ((2 ^ bits : Nat) : Int) = ((2 ^ bits : Nat) : Int) * (z / ((2 ^ bits : Nat) : Int))
      rw [Int.emod_def]
      omega
    · intro hm
      have h1 := remainder_eq (p := 2 ^ bits) hm h 0
      rw [Int.add_zero, Int.add_zero] at h1
      exact h1

theorem Known.signed_spec {top z : Int} {a : Known} (h : a.Holds top z) (bits : Nat) :
    (a.signed bits).Holds top (signedBits bits z) := by
  cases a with
  | acc r =>
    show Holds top (match Nat.beq bits 32 with
      | true => .acc r
      | false => any) (signedBits bits z)
    cases hb : Nat.beq bits 32 with
    | false => exact any_holds top _
    | true =>
      rw [Nat.eq_of_beq_eq_true hb, signedBits_32 h.1]
      exact h
  | number c m =>
    show (wrapped (2 ^ bits) (lowSigned bits c) c m).Holds top (signedBits bits z)
    rw [lowSigned_eq]
    refine wrapped_spec h ⟨(z + half bits) / ((2 ^ bits : Nat) : Int), ?_⟩ ?_
    · show z - ((z + half bits) % ((2 ^ bits : Nat) : Int) - half bits) = _
      rw [Int.emod_def]
      show z - (z + half bits - ((2 ^ bits : Nat) : Int) * ((z + half bits) / ((2 ^ bits : Nat) : Int)) - half bits) =
        ((2 ^ bits : Nat) : Int) * ((z + half bits) / ((2 ^ bits : Nat) : Int))
      omega
    · intro hm
      have h1 := remainder_eq (p := 2 ^ bits) hm h (half bits)
      show (z + half bits) % ((2 ^ bits : Nat) : Int) - half bits = (c + half bits) % ((2 ^ bits : Nat) : Int) - half bits
      rw [h1]

end TinyVerify.ObjectCode
