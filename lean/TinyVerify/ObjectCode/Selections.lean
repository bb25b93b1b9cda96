import TinyVerify.ObjectCode.Integers
/-!
# A selection that is right whichever accumulator is the first of the largest is right

Main results: `Selection.isArgMax_spec` and `Selection.isLargest_spec`.
-/
namespace TinyVerify.ObjectCode

theorem signedBits_32 {z : Int} (h : Int32 z) : signedBits 32 z = z := by
  have e : half 32 = 2147483648 := by decide
  have e2 : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h1 := h.1
  have h2 := h.2
  unfold signedBits
  rw [e, e2]
  omega

theorem apply_spec {f : Int → Int} {z : Option Int} {v : Int} (h : apply f z = some v) : ∃ w, z = some w ∧ f w = v := by
  cases z with
  | none => cases h
  | some w => exact ⟨w, rfl, Option.some.inj h⟩

theorem nth_mem (zs : List Int) : ∀ i, i < zs.length → nth zs i ∈ zs := by
  induction zs with
  | nil => intro i hi; have : (([] : List Int).length) = 0 := rfl; omega
  | cons z zs ih =>
    intro i hi
    cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih i (by have : (z :: zs).length = zs.length + 1 := rfl; omega))

theorem length_mapInt (f : Int → Int) (zs : List Int) : (mapInt f zs).length = zs.length := by
  induction zs with
  | nil => rfl
  | cons z zs ih =>
    show (mapInt f zs).length + 1 = zs.length + 1
    rw [ih]

/-! ### accumulators -/

def Rank.Holds (top : Int) : Rank → Int → Prop
  | largest, z => z = top
  | less, z => z < top
  | atMost, z => z ≤ top

theorem Rank.Holds.le {top z : Int} {r : Rank} (h : r.Holds top z) : z ≤ top := by
  cases r with
  | largest => exact Int.le_of_eq h
  | less => exact Int.le_of_lt h
  | atMost => exact h

theorem Rank.either_left {top z : Int} (r s : Rank) (h : r.Holds top z) : (r.either s).Holds top z := by
  have l := h.le
  cases r <;> cases s <;> first | exact h | exact l

theorem Rank.either_right {top z : Int} (r s : Rank) (h : s.Holds top z) : (r.either s).Holds top z := by
  have l := h.le
  cases r <;> cases s <;> first | exact h | exact l

theorem Rank.max_spec {top y z : Int} {r s : Rank} (hy : r.Holds top y) (hz : s.Holds top z) :
    (r.max s).Holds top (Max.max y z) := by
  have ly := hy.le
  have lz := hz.le
  have atMost : Max.max y z ≤ top := by omega
  cases r with
  | largest =>
    have e : y = top := hy
    show Max.max y z = top
    omega
  | less =>
    have e : y < top := hy
    cases s with
    | largest =>
      have e : z = top := hz
      show Max.max y z = top
      omega
    | less =>
      have e : z < top := hz
      show Max.max y z < top
      omega
    | atMost => exact atMost
  | atMost =>
    cases s with
    | largest =>
      have e : z = top := hz
      show Max.max y z = top
      omega
    | less => exact atMost
    | atMost => exact atMost

theorem someTruth_spec {test truth t : Bool} (h : someTruth test truth = some t) : test = true ∧ t = truth := by
  cases test with
  | true => exact ⟨rfl, (Option.some.inj h).symm⟩
  | false => cases h

theorem leInt_iff (a b : Int) : leInt a b = true ↔ a ≤ b := by
  constructor
  · exact leInt_spec
  · intro h
    cases e : leInt a b with
    | true => rfl
    | false =>
      have h1 := leInt_false e
      have h2 : a = b := Int.le_antisymm h h1
      rw [h2] at e
      cases b with
      | ofNat n =>
        have e1 : Nat.ble n n = false := e
        rw [Nat.ble_eq_true_of_le (Nat.le_refl n)] at e1
        cases e1
      | negSucc n =>
        have e1 : Nat.ble n n = false := e
        rw [Nat.ble_eq_true_of_le (Nat.le_refl n)] at e1
        cases e1

theorem Rank.compare_spec {top y z k : Int} {r s : Rank} (hy : r.Holds top y) (hz : s.Holds top z) {t : Bool}
    (h : r.compare k s = some t) : t = true ↔ 0 ≤ y - z + k := by
  have ly := hy.le
  have lz := hz.le
  have no : ¬ false = true := fun e => by cases e
  cases r with
  | largest =>
    have e : y = top := hy
    cases s with
    | largest =>
      have e2 : z = top := hz
      rw [← Option.some.inj h, leInt_iff]
      omega
    | less =>
      have e2 : z < top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      exact ⟨fun _ => by omega, fun _ => h1.2⟩
    | atMost =>
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      exact ⟨fun _ => by omega, fun _ => h1.2⟩
  | less =>
    cases s with
    | largest =>
      have e : y < top := hy
      have e2 : z = top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      rw [h1.2]
      exact ⟨fun f => absurd f no, fun _ => by omega⟩
    | less => cases h
    | atMost => cases h
  | atMost =>
    cases s with
    | largest =>
      have e2 : z = top := hz
      have h1 := someTruth_spec h
      have h2 := leInt_spec h1.1
      rw [h1.2]
      exact ⟨fun f => absurd f no, fun _ => by omega⟩
    | less => cases h
    | atMost => cases h

/-! ### words -/

def Known.Holds (top : Int) : Known → Int → Prop
  | acc r, z => Int32 z ∧ r.Holds top z
  | number c m, z => (m : Int) ∣ z - c

theorem Known.any_holds (top z : Int) : Known.any.Holds top z := by
  show ((1 : Nat) : Int) ∣ z - 0
  exact ⟨z, by have : ((1 : Nat) : Int) = 1 := rfl; omega⟩

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
        have h2 : ((c - d).natAbs : Int) ∣ c - d := Int.natCast_dvd_natAbs (Nat.dvd_refl _)
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
    obtain ⟨q, eq⟩ : (k.natAbs : Int) ∣ k := Int.natCast_dvd_natAbs (Nat.dvd_refl _)
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

/-! ### steps -/

/-- `j` is the first of the largest of `n` words. -/
structure FirstLargest (n j : Nat) (x : List Int) : Prop where
  word : ∀ i, Int32 (nth x i)
  most : ∀ i, i < n → nth x i ≤ nth x j
  before : ∀ i, i < j → nth x i < nth x j

/-- What is known of each result holds. -/
def AllHold (top : Int) (known : List Known) (done : List Int) : Prop :=
  ∀ i, (knownAt known i).Holds top (nth done i)

theorem accKnown_spec {n j : Nat} {x : List Int} (hx : FirstLargest n j x) (i : Nat) :
    (accKnown n j i).Holds (nth x j) (nth x i) := by
  unfold accKnown
  cases hn : Nat.ble (Nat.succ i) n with
  | false => exact Known.any_holds _ _
  | true =>
    cases he : Nat.beq i j with
    | true =>
      rw [Nat.eq_of_beq_eq_true he]
      exact ⟨hx.word j, rfl⟩
    | false =>
      cases hl : Nat.ble i j with
      | true =>
        refine ⟨hx.word i, hx.before i ?_⟩
        have h1 := Nat.le_of_ble_eq_true hl
        rcases Nat.lt_or_eq_of_le h1 with h2 | h2
        · exact h2
        · rw [h2, Nat.beq_refl] at he
          cases he
      | false => exact ⟨hx.word i, hx.most i (Nat.le_of_ble_eq_true hn)⟩

theorem Source.known_spec {n j : Nat} {x unknowns done : List Int} {known : List Known} (hx : FirstLargest n j x)
    (hd : AllHold (nth x j) known done) (s : Source) :
    (s.known n j known).Holds (nth x j) (s.eval x unknowns done) := by
  cases s with
  | acc i => exact accKnown_spec hx i
  | step i => exact hd i
  | const k => exact zero_dvd_self k
  | unknown i => exact Known.any_holds _ _

theorem sideKnown_spec {top y z : Int} {c : Prop} [Decidable c] {truth : Option Bool} {p q : Known}
    (hc : ∀ t, truth = some t → (t = true ↔ c)) (hp : p.Holds top y) (hq : q.Holds top z) :
    (sideKnown truth p q).Holds top (if c then y else z) := by
  cases truth with
  | none =>
    split
    · exact Known.either_left p q hp
    · exact Known.either_right p q hq
  | some t =>
    cases t with
    | true =>
      rw [if_pos ((hc true rfl).mp rfl)]
      exact hp
    | false =>
      rw [if_neg (fun h => by cases (hc false rfl).mpr h)]
      exact hq

theorem Source.same_spec {a b : Source} (h : a.same b = true) : a = b := by
  cases a <;> cases b <;> first | cases h | exact congrArg _ (Nat.eq_of_beq_eq_true h)

theorem Source.isMax_spec {a b p q : Source} {k : Int} (h : a.isMax b k p q = true) {x unknowns done : List Int} :
    (if 0 ≤ a.eval x unknowns done - b.eval x unknowns done + k then p.eval x unknowns done else q.eval x unknowns done) =
      Max.max (a.eval x unknowns done) (b.eval x unknowns done) := by
  have h1 := and_split h
  have h2 := and_split h1.2
  rw [← Source.same_spec h1.1, ← Source.same_spec h2.1]
  rcases or_split h2.2 with hk | hk
  · rw [eqInt_spec hk]
    split <;> omega
  · rw [eqInt_spec hk]
    split <;> omega

theorem Step.known_spec {n j : Nat} {x unknowns done : List Int} {known : List Known} (hx : FirstLargest n j x)
    (hd : AllHold (nth x j) known done) (s : Step) :
    (s.known n j known).Holds (nth x j) (s.eval x unknowns done) := by
  have source := fun a : Source => a.known_spec (unknowns := unknowns) hx hd
  cases s with
  | ite a b k p q =>
    show Known.Holds (nth x j) (match a.isMax b k p q with
      | true => (a.known n j known).max (b.known n j known)
      | false => sideKnown ((a.known n j known).compare k (b.known n j known)) (p.known n j known) (q.known n j known))
      (if 0 ≤ a.eval x unknowns done - b.eval x unknowns done + k then p.eval x unknowns done else q.eval x unknowns done)
    cases h : a.isMax b k p q with
    | false => exact sideKnown_spec (fun t h => Known.compare_spec (source a) (source b) h) (source p) (source q)
    | true =>
      rw [Source.isMax_spec h]
      exact Known.max_spec (source a) (source b)
  | max a b => exact Known.max_spec (source a) (source b)
  | min a b => exact Known.min_spec (source a) (source b)
  | add a b => exact Known.add_spec (source a) (source b)
  | mul a k => exact Known.mul_spec (source a) k
  | floor a k => exact Known.floor_spec (source a) k
  | signed a bits => exact Known.signed_spec (source a) bits
  | unsigned a bits => exact Known.unsigned_spec (source a) bits

theorem Known.force_eq {α : Type} (k : Known) (g : Known → α) : k.force g = g k := by
  cases k with
  | acc r => cases r <;> rfl
  | number c m =>
    cases c with
    | ofNat c =>
      show withNat c (fun c => withNat m fun m => g (.number (.ofNat c) m)) = _
      rw [withNat_eq, withNat_eq]
    | negSucc c =>
      show withNat c (fun c => withNat m fun m => g (.number (.negSucc c) m)) = _
      rw [withNat_eq, withNat_eq]

theorem stepsKnown_spec {n j : Nat} {x unknowns : List Int} (hx : FirstLargest n j x) (steps : List Step) :
    ∀ {known : List Known} {done : List Int}, AllHold (nth x j) known done →
      AllHold (nth x j) (stepsKnown n j steps known) (runSteps x unknowns steps done) := by
  induction steps with
  | nil => intro known done hd; exact hd
  | cons s steps ih =>
    intro known done hd
    show AllHold (nth x j) ((s.known n j known).force fun k => stepsKnown n j steps (k :: known)) _
    rw [Known.force_eq]
    refine ih ?_
    intro i
    cases i with
    | zero => exact s.known_spec hx hd
    | succ i => exact hd i

theorem Selection.known_spec {n j : Nat} {x : List Int} (hx : FirstLargest n j x) (s : Selection)
    (unknowns : List Int) : (s.known n j).Holds (nth x j) (s.eval x unknowns) :=
  s.result.known_spec hx (stepsKnown_spec hx s.steps (fun _ => Known.any_holds _ _))

theorem allBelow_spec {test : Nat → Bool} {n : Nat} (h : allBelow test n = true) : ∀ j, j < n → test j = true := by
  induction n with
  | zero => intro j hj; omega
  | succ n ih =>
    intro j hj
    have h1 := and_split (a := test n) h
    by_cases c : j = n
    · rw [c]
      exact h1.1
    · exact ih h1.2 j (by omega)

theorem firstLargest_argMax {z : Int} {zs : List Int} (hx : ∀ i, Int32 (nth (z :: zs) i)) :
    FirstLargest (z :: zs).length (argMax (z :: zs)) (z :: zs) := by
  refine ⟨hx, ?_, ?_⟩
  · intro i hi
    rw [nth_argMax]
    exact le_maximum _ _ (nth_mem _ i hi)
  · intro i hi
    rw [nth_argMax]
    exact argMax_first z zs i hi

theorem Selection.isArgMax_spec {s : Selection} {x : List Int} (hx : ∀ i, Int32 (nth x i)) (unknowns : List Int)
    (h : s.isArgMax x.length = true) : s.eval x unknowns = (argMax x : Nat) := by
  have h1 := and_split h
  cases x with
  | nil => cases h1.1
  | cons z zs =>
    have h2 := allBelow_spec h1.2 _ (argMax_lt z zs)
    have h3 := s.known_spec (firstLargest_argMax hx) unknowns
    generalize s.known (z :: zs).length (argMax (z :: zs)) = k at h2 h3
    cases k with
    | acc r => cases h2
    | number c m =>
      cases m with
      | succ _ => cases h2
      | zero => rw [eq_of_zero_dvd h3, eqInt_spec h2]

theorem Selection.isLargest_spec {s : Selection} {z : Int} {zs : List Int} (hx : ∀ i, Int32 (nth (z :: zs) i))
    (unknowns : List Int) (h : s.isLargest (z :: zs).length = true) : s.eval (z :: zs) unknowns = maximum (z :: zs) := by
  have h1 := and_split h
  have h2 := allBelow_spec h1.2 _ (argMax_lt z zs)
  have h3 := s.known_spec (firstLargest_argMax hx) unknowns
  rw [← nth_argMax z zs]
  generalize s.known (z :: zs).length (argMax (z :: zs)) = k at h2 h3
  cases k with
  | number c m => cases h2
  | acc r =>
    cases r with
    | largest => exact h3.2
    | less => cases h2
    | atMost => cases h2

end TinyVerify.ObjectCode
