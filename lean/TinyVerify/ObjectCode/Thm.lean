import TinyVerify.ObjectCode.Check
import TinyVerify.Policy.Thm
/-!
# A recorded run that passes its check computes the policy

Main results: `Expr.form_eval` (a normal form has the value of its expression), `computes_of_ok`.
-/
namespace TinyVerify.ObjectCode

def Base.eval (x : List Int) (b : Base) : Int := b.expr.eval x

def Form.eval (x : List Int) (f : Form) : Int :=
  TinyVerify.clamp (asr (f.mul * f.base.eval x + f.const) f.shift) f.lo f.hi

/-- What the layer before promises. -/
def Values.Hold : Values → List Int → Prop
  | .int32, x => ∀ z ∈ x, Int32 z
  | .int8, x => ∀ z ∈ x, Int8 z

/-! ### arithmetic -/

theorem asr_asr (z : Int) (m n : Nat) : asr (asr z m) n = asr z (m + n) := by
  have h1 := asr_le (asr z m) n
  have h2 := lt_asr_add (asr z m) n
  have h3 := asr_le z m
  have h4 := lt_asr_add z m
  have p1 := two_pow_pos m
  have e : ((2 ^ (m + n) : Nat) : Int) = ((2 ^ m : Nat) : Int) * ((2 ^ n : Nat) : Int) := by
    rw [Nat.pow_add]; exact Int.natCast_mul _ _
  symm
  show z / ((2 ^ (m + n) : Nat) : Int) = _
  apply ediv_unique (two_pow_pos _)
  · rw [e, Int.mul_assoc]
    exact Int.le_trans (Int.mul_le_mul_of_nonneg_left h1 (Int.le_of_lt p1)) h3
  · rw [e, Int.mul_assoc]
    have h5 : asr z m + 1 ≤ ((2 ^ n : Nat) : Int) * asr (asr z m) n + ((2 ^ n : Nat) : Int) := h2
    have h6 := Int.mul_le_mul_of_nonneg_left h5 (Int.le_of_lt p1)
    rw [Int.mul_add, Int.mul_one, Int.mul_add] at h6
    omega

theorem asr_add_mul (z q : Int) (n : Nat) : asr (z + q * ((2 ^ n : Nat) : Int)) n = asr z n + q := by
  have h1 := asr_le z n
  have h2 := lt_asr_add z n
  show (z + q * ((2 ^ n : Nat) : Int)) / ((2 ^ n : Nat) : Int) = _
  apply ediv_unique (two_pow_pos _)
  · rw [Int.mul_add, Int.mul_comm q]; omega
  · rw [Int.mul_add, Int.mul_comm q]; omega

theorem asr_zero (z : Int) : asr z 0 = z := by
  show z / ((2 ^ 0 : Nat) : Int) = z
  have e : ((2 ^ 0 : Nat) : Int) = 1 := rfl
  rw [e]
  omega

theorem clamp_add (z lo hi k : Int) : clamp (z + k) (lo + k) (hi + k) = clamp z lo hi + k := by
  unfold clamp
  omega

theorem clamp_clamp {z lo hi l h : Int} (h1 : lo ≤ hi) (h2 : l ≤ h) :
    clamp (clamp z lo hi) l h = clamp z (clamp lo l h) (clamp hi l h) := by
  unfold clamp
  omega

/-- A monotone function may be applied to the ends of a clamp. -/
theorem clamp_map {f : Int → Int} (hf : ∀ a b, a ≤ b → f a ≤ f b) {z lo hi : Int} (h : lo ≤ hi) :
    f (clamp z lo hi) = clamp (f z) (f lo) (f hi) := by
  have h0 := hf lo hi h
  rcases Int.le_total z lo with h1 | h1
  · have e : clamp z lo hi = lo := by unfold clamp; omega
    have h2 := hf z lo h1
    rw [e]; unfold clamp; omega
  · rcases Int.le_total z hi with h2 | h2
    · have e : clamp z lo hi = z := clamp_eq h1 h2
      have h3 := hf lo z h1
      have h4 := hf z hi h2
      rw [e]; unfold clamp; omega
    · have e : clamp z lo hi = hi := by unfold clamp; omega
      have h3 := hf hi z h2
      rw [e]; unfold clamp; omega

/-- What `asr z n = q` says of the remainder. -/
theorem emod_of_asr {z q : Int} {n : Nat} (h : asr z n = q) :
    z % ((2 ^ n : Nat) : Int) = z - q * ((2 ^ n : Nat) : Int) := by
  have h1 := Int.ediv_add_emod z ((2 ^ n : Nat) : Int)
  have h2 : z / ((2 ^ n : Nat) : Int) = q := h
  rw [h2, Int.mul_comm] at h1
  omega

theorem asr_between {a b z q : Int} {n : Nat} (h1 : asr a n = q) (h2 : asr b n = q) (ha : a ≤ z) (hb : z ≤ b) :
    asr z n = q := by
  have h3 := asr_mono n ha
  have h4 := asr_mono n hb
  omega

/-! ### the quick operations on integers -/

theorem negSucc_eq (n : Nat) : Int.negSucc n = -(n : Int) - 1 := by
  cases n with
  | zero => rfl
  | succ n => rfl

theorem shr_eq (z : Int) (k : Nat) : shr z k = asr z k := by
  have hp : 0 < 2 ^ k := Nat.pow_pos (Nat.le.step Nat.le.refl)
  cases z with
  | ofNat n => rfl
  | negSucc n =>
    have d1 := Nat.div_add_mod n (2 ^ k)
    have d2 := Nat.mod_lt n hp
    have e : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
    have e2 : Int.negSucc (n / 2 ^ k) = -((n / 2 ^ k : Nat) : Int) - 1 := negSucc_eq _
    show Int.negSucc (n / 2 ^ k) = Int.negSucc n / ((2 ^ k : Nat) : Int)
    symm
    apply ediv_unique (two_pow_pos k)
    · rw [e, e2, Int.mul_sub, Int.mul_neg, Int.mul_one, ← Int.natCast_mul]
      omega
    · rw [e, e2, Int.mul_sub, Int.mul_neg, Int.mul_one, ← Int.natCast_mul]
      omega

theorem leInt_spec {a b : Int} (h : leInt a b = true) : a ≤ b := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n => exact Int.ofNat_le.mpr (Nat.le_of_ble_eq_true h)
    | negSucc n => cases h
  | negSucc m =>
    cases b with
    | ofNat n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      rw [e]
      show -((m : Nat) : Int) - 1 ≤ (n : Int)
      omega
    | negSucc n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      have e2 : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      have h1 : n ≤ m := Nat.le_of_ble_eq_true h
      rw [e, e2]
      omega

theorem leInt_false {a b : Int} (h : leInt a b = false) : b ≤ a := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n =>
      have h1 : Nat.ble m n = false := h
      have h2 : ¬ m ≤ n := fun h3 => by rw [Nat.ble_eq_true_of_le h3] at h1; cases h1
      exact Int.ofNat_le.mpr (by omega)
    | negSucc n =>
      have e : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      rw [e]
      show -((n : Nat) : Int) - 1 ≤ (m : Int)
      omega
  | negSucc m =>
    cases b with
    | ofNat n => cases h
    | negSucc n =>
      have e : Int.negSucc m = -((m : Nat) : Int) - 1 := negSucc_eq m
      have e2 : Int.negSucc n = -((n : Nat) : Int) - 1 := negSucc_eq n
      have h1 : Nat.ble n m = false := h
      have h2 : ¬ n ≤ m := fun h3 => by rw [Nat.ble_eq_true_of_le h3] at h1; cases h1
      rw [e, e2]
      omega

theorem larger_eq (a b : Int) : larger a b = Max.max a b := by
  unfold larger
  cases h : leInt a b with
  | true =>
    have h1 := leInt_spec h
    show b = Max.max a b
    omega
  | false =>
    have h1 := leInt_false h
    show a = Max.max a b
    omega

theorem smaller_eq (a b : Int) : smaller a b = Min.min a b := by
  unfold smaller
  cases h : leInt a b with
  | true =>
    have h1 := leInt_spec h
    show a = Min.min a b
    omega
  | false =>
    have h1 := leInt_false h
    show b = Min.min a b
    omega

theorem eqInt_spec {a b : Int} (h : eqInt a b = true) : a = b := by
  cases a with
  | ofNat m =>
    cases b with
    | ofNat n => rw [Nat.eq_of_beq_eq_true (show Nat.beq m n = true from h)]
    | negSucc n => cases h
  | negSucc m =>
    cases b with
    | ofNat n => cases h
    | negSucc n => rw [Nat.eq_of_beq_eq_true (show Nat.beq m n = true from h)]

theorem isZero_spec {z : Int} (h : isZero z = true) : z = 0 := by
  cases z with
  | ofNat n => rw [Nat.eq_of_beq_eq_true (show Nat.beq n 0 = true from h)]; rfl
  | negSucc n => cases h

theorem shr_power (bits : Nat) : shr (power bits) 1 = half bits := shr_eq _ _

/-! ### forms -/

theorem Form.eval_addConst (x : List Int) (f : Form) (k : Int) : (f.addConst k).eval x = f.eval x + k := by
  show clamp (asr (f.mul * f.base.eval x + (f.const + k * ((2 ^ f.shift : Nat) : Int))) f.shift) (f.lo + k) (f.hi + k) = _
  rw [← Int.add_assoc, asr_add_mul, clamp_add]
  rfl

theorem Form.eval_shiftRight {x : List Int} {f : Form} (h : f.lo ≤ f.hi) (k : Nat) :
    (f.shiftRight k).eval x = asr (f.eval x) k := by
  show clamp (asr (f.mul * f.base.eval x + f.const) (f.shift + k)) (shr f.lo k) (shr f.hi k) = _
  rw [shr_eq, shr_eq, ← asr_asr]
  exact (clamp_map (f := fun z => asr z k) (fun a b => asr_mono k) h).symm

theorem Form.shiftRight_ends {f : Form} (h : f.lo ≤ f.hi) (k : Nat) : (f.shiftRight k).lo ≤ (f.shiftRight k).hi := by
  show shr f.lo k ≤ shr f.hi k
  rw [shr_eq, shr_eq]
  exact asr_mono k h

theorem Form.eval_range {x : List Int} {f : Form} (h : f.lo ≤ f.hi) : f.lo ≤ f.eval x ∧ f.eval x ≤ f.hi :=
  clamp_range _ h

theorem Form.eval_moved (x : List Int) (f : Form) (bits : Nat) (q : Int) :
    (f.moved bits q).eval x = f.eval x - q * ((2 ^ bits : Nat) : Int) := by
  unfold Form.moved
  cases h : isZero q with
  | true =>
    rw [isZero_spec h]
    show f.eval x = _
    omega
  | false =>
    show (f.addConst (-(q * power bits))).eval x = _
    rw [Form.eval_addConst]
    show f.eval x + -(q * ((2 ^ bits : Nat) : Int)) = _
    omega

theorem Form.moved_ends {f : Form} (bits : Nat) (q : Int) (h : f.lo ≤ f.hi) : (f.moved bits q).lo ≤ (f.moved bits q).hi := by
  unfold Form.moved
  cases isZero q with
  | true => exact h
  | false =>
    show f.lo + _ ≤ f.hi + _
    omega

theorem orElseNone_spec {test : Bool} {f g : Form} (h : orElseNone test f = some g) : test = true ∧ f = g := by
  cases test with
  | true => exact ⟨rfl, Option.some.inj h⟩
  | false => cases h

theorem withNat_eq {α : Type} (n : Nat) (g : Nat → α) : withNat n g = g n := by
  cases n with
  | zero => rfl
  | succ m => rfl

theorem withInt_eq {α : Type} (z : Int) (g : Int → α) : withInt z g = g z := by
  cases z with
  | ofNat n => exact withNat_eq n fun m => g (.ofNat m)
  | negSucc n => exact withNat_eq n fun m => g (.negSucc m)

theorem Form.evaluated_eq {α : Type} (f : Form) (g : Form → α) : f.evaluated g = g f := by
  unfold Form.evaluated
  rw [withInt_eq, withInt_eq, withNat_eq, withInt_eq, withInt_eq]

theorem andThen_spec {f : Option Form} {g : Form → Option Form} {r : Form} (h : andThen f g = some r) :
    ∃ a, f = some a ∧ g a = some r := by
  cases f with
  | none => cases h
  | some a => exact ⟨a, rfl, by rw [← Form.evaluated_eq a g]; exact h⟩

theorem Form.signed_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.lo ≤ f.hi) (h : f.signed bits = some g) :
    g.lo ≤ g.hi ∧ g.eval x = signedBits bits (f.eval x) := by
  unfold Form.signed at h
  rw [withInt_eq] at h
  have h1 := orElseNone_spec h
  have h0 := eqInt_spec h1.1
  rw [shr_power, shr_eq, shr_eq] at h0
  have h2 : asr (f.hi + half bits) bits = asr (f.lo + half bits) bits := h0
  have hr := Form.eval_range (x := x) hl
  have h3 : asr (f.eval x + half bits) bits = asr (f.lo + half bits) bits :=
    asr_between (a := f.lo + half bits) (b := f.hi + half bits) rfl h2 (by omega) (by omega)
  rw [← h1.2]
  refine ⟨Form.moved_ends _ _ hl, ?_⟩
  rw [Form.eval_moved, shr_power, shr_eq]
  unfold signedBits
  rw [emod_of_asr h3]
  show f.eval x - asr (f.lo + half bits) bits * _ = _
  omega

theorem Form.unsigned_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.lo ≤ f.hi) (h : f.unsigned bits = some g) :
    g.lo ≤ g.hi ∧ g.eval x = unsignedBits bits (f.eval x) := by
  unfold Form.unsigned at h
  rw [withInt_eq] at h
  have h1 := orElseNone_spec h
  have h0 := eqInt_spec h1.1
  rw [shr_eq, shr_eq] at h0
  have hr := Form.eval_range (x := x) hl
  have h3 : asr (f.eval x) bits = asr f.lo bits := asr_between rfl h0 hr.1 hr.2
  rw [← h1.2]
  refine ⟨Form.moved_ends _ _ hl, ?_⟩
  rw [Form.eval_moved, shr_eq]
  unfold unsignedBits
  rw [emod_of_asr h3]

theorem Form.times_spec {x : List Int} {f g : Form} {k : Int} (hl : f.lo ≤ f.hi) (h : f.times k = some g) :
    g.lo ≤ g.hi ∧ g.eval x = f.eval x * k := by
  have h1 := orElseNone_spec h
  have h2 := and_split h1.1
  have hs : f.shift = 0 := Nat.eq_of_beq_eq_true h2.1
  have hk : 0 ≤ k := leInt_spec h2.2
  rw [← h1.2]
  refine ⟨Int.mul_le_mul_of_nonneg_right hl hk, ?_⟩
  have hm : ∀ a b : Int, a ≤ b → a * k ≤ b * k := fun a b hab => Int.mul_le_mul_of_nonneg_right hab hk
  show clamp (asr (f.mul * k * f.base.eval x + f.const * k) f.shift) (f.lo * k) (f.hi * k) = f.eval x * k
  unfold Form.eval
  rw [clamp_map (f := fun z => z * k) hm hl, hs, asr_zero, asr_zero, Int.add_mul]
  rw [Int.mul_assoc, Int.mul_comm k, ← Int.mul_assoc]

theorem Form.atLeast_spec {x : List Int} {f : Form} (hl : f.lo ≤ f.hi) (k : Int) :
    (f.atLeast k).lo ≤ (f.atLeast k).hi ∧ (f.atLeast k).eval x = Max.max (f.eval x) k := by
  refine ⟨?_, ?_⟩
  · show larger f.lo k ≤ larger f.hi k
    rw [larger_eq, larger_eq]
    omega
  · show TinyVerify.clamp (asr (f.mul * f.base.eval x + f.const) f.shift) (larger f.lo k) (larger f.hi k) =
      Max.max (f.eval x) k
    rw [larger_eq, larger_eq]
    unfold Form.eval TinyVerify.clamp
    omega

theorem Form.atMost_spec {x : List Int} {f : Form} (hl : f.lo ≤ f.hi) (k : Int) :
    (f.atMost k).lo ≤ (f.atMost k).hi ∧ (f.atMost k).eval x = Min.min (f.eval x) k := by
  refine ⟨?_, ?_⟩
  · show smaller f.lo k ≤ smaller f.hi k
    rw [smaller_eq, smaller_eq]
    omega
  · show TinyVerify.clamp (asr (f.mul * f.base.eval x + f.const) f.shift) (smaller f.lo k) (smaller f.hi k) =
      Min.min (f.eval x) k
    rw [smaller_eq, smaller_eq]
    unfold Form.eval TinyVerify.clamp
    omega

theorem Base.same_spec {a b : Base} (h : a.same b = true) : a = b := by
  cases a with
  | value i =>
    cases b with
    | value j => rw [Nat.eq_of_beq_eq_true (show Nat.beq i j = true from h)]
    | dot _ _ => cases h
  | dot n w =>
    cases b with
    | value _ => cases h
    | dot m v =>
      have h' := and_split (a := Nat.beq n m) (b := Nat.beq w v) h
      rw [Nat.eq_of_beq_eq_true h'.1, Nat.eq_of_beq_eq_true h'.2]

theorem Form.same_spec {f g : Form} (h : f.same g = true) : f = g := by
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := and_split h2.2
  have h4 := and_split h3.2
  have h5 := and_split h4.2
  have e1 := Base.same_spec h1.1
  have e2 : f.mul = g.mul := eqInt_spec h2.1
  have e3 : f.const = g.const := eqInt_spec h3.1
  have e4 := Nat.eq_of_beq_eq_true h4.1
  have e5 : f.lo = g.lo := eqInt_spec h5.1
  have e6 : f.hi = g.hi := eqInt_spec h5.2
  cases f
  cases g
  simp only at e1 e2 e3 e4 e5 e6
  rw [e1, e2, e3, e4, e5, e6]

theorem either_spec {a b c : Int} (h : (eqInt a b || eqInt a c) = true) : a = b ∨ a = c := by
  rcases or_split h with h' | h'
  · exact .inl (eqInt_spec h')
  · exact .inr (eqInt_spec h')

theorem Form.select_spec {x : List Int} {c a b f : Form} {k : Int} (hc : c.lo ≤ c.hi) (ha : a.lo ≤ a.hi)
    (hb : b.lo ≤ b.hi) (h : c.select k a b = some f) :
    f.lo ≤ f.hi ∧ f.eval x = if 0 ≤ c.eval x + k then a.eval x else b.eval x := by
  have ra := Form.eval_range (x := x) ha
  have rb := Form.eval_range (x := x) hb
  unfold Form.select at h
  cases hs : a.same c with
  | true =>
    rw [hs] at h
    have h1 := orElseNone_spec h
    have h2 := and_split h1.1
    have e1 : b.lo = b.hi := eqInt_spec h2.1
    have e2 := either_spec h2.2
    have e3 := Form.same_spec hs
    have h3 := Form.atLeast_spec (x := x) hc b.lo
    rw [← h1.2]
    refine ⟨h3.1, ?_⟩
    rw [h3.2, e3]
    split <;> omega
  | false =>
    rw [hs] at h
    have h1 := orElseNone_spec h
    have h2 := and_split h1.1
    have h3 := and_split h2.2
    have e1 : a.lo = a.hi := eqInt_spec h3.1
    have e2 := either_spec h3.2
    have e3 := Form.same_spec h2.1
    have h4 := Form.atMost_spec (x := x) hc a.lo
    rw [← h1.2]
    refine ⟨h4.1, ?_⟩
    rw [h4.2, e3]
    split <;> omega

theorem nth_hold {P : Int → Prop} (h0 : P 0) {x : List Int} (h : ∀ z ∈ x, P z) (i : Nat) : P (nth x i) := by
  induction x generalizing i with
  | nil => exact h0
  | cons z zs ih =>
    cases i with
    | zero => exact h z (.head _)
    | succ i => exact ih (fun y hy => h y (.tail _ hy)) i

theorem unsigned_join (z : Int) : unsignedBits 32 z + asr z 32 * 4294967296 = z := by
  have h := emod_of_asr (z := z) (n := 32) rfl
  unfold unsignedBits
  rw [h]
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  rw [e]
  omega

theorem carry_eq (z k : Int) : asr z 32 + asr (unsignedBits 32 z + k) 32 = asr (z + k) 32 := by
  have h := unsigned_join z
  have e : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h2 := asr_add_mul (unsignedBits 32 z + k) (asr z 32) 32
  rw [e] at h2
  have h3 : unsignedBits 32 z + k + asr z 32 * 4294967296 = z + k := by omega
  rw [h3] at h2
  omega

/-- A normal form has the value of its expression. -/
theorem Expr.form_eval {v : Values} {x : List Int} (hx : v.Hold x) (e : Expr) :
    ∀ {f : Form}, e.form v = some f → f.lo ≤ f.hi ∧ f.eval x = e.eval x := by
  induction e with
  | value i =>
    intro f h
    have one : ∀ z : Int, 1 * z + 0 = z := fun z => by omega
    cases v with
    | int32 =>
      have hr : Int32 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      rw [← Option.some.inj h]
      refine ⟨(by decide : (-2147483648 : Int) ≤ 2147483647), ?_⟩
      show TinyVerify.clamp (asr (1 * nth x i + 0) 0) _ _ = nth x i
      rw [one, asr_zero]
      exact clamp_eq hr.1 hr.2
    | int8 =>
      have hr : Int8 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      rw [← Option.some.inj h]
      refine ⟨(by decide : (-128 : Int) ≤ 127), ?_⟩
      show TinyVerify.clamp (asr (1 * nth x i + 0) 0) _ _ = nth x i
      rw [one, asr_zero]
      exact clamp_eq hr.1 hr.2
  | dot n weights =>
    intro f h
    cases v with
    | int32 => cases h
    | int8 =>
      have h1 := orElseNone_spec h
      have h2 := and_split h1.1
      have hn := Nat.le_of_ble_eq_true h2.1
      have hp : weights + 1 ≤ 256 ^ n := Nat.le_of_ble_eq_true h2.2
      have hb := absSum_products_le (unpack n weights) x hx
      have hs := natAbs_sum_le (products (unpack n weights) x)
      have ha := absSumFast_eq n weights hn (by omega)
      rw [← h1.2]
      refine ⟨?_, ?_⟩
      · show -((128 * absSumFast n weights : Nat) : Int) ≤ ((128 * absSumFast n weights : Nat) : Int)
        omega
      · show TinyVerify.clamp (asr (1 * sum (products (unpack n weights) x) + 0) 0) (-((128 * absSumFast n weights : Nat) : Int))
          ((128 * absSumFast n weights : Nat) : Int) = TinyVerify.sum (products (unpack n weights) x)
        have one : ∀ z : Int, 1 * z + 0 = z := fun z => by omega
        rw [one, asr_zero, ha]
        apply clamp_eq <;> omega
  | add e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    rw [← Option.some.inj hb]
    refine ⟨?_, ?_⟩
    · show a.lo + k ≤ a.hi + k
      omega
    · rw [Form.eval_addConst, h1.2]
      rfl
  | mul e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.times_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | floor e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    rw [← Option.some.inj hb]
    exact ⟨Form.shiftRight_ends h1.1 k, by rw [Form.eval_shiftRight h1.1, h1.2]; rfl⟩
  | signed e bits ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.signed_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | unsigned e bits ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.unsigned_spec (x := x) h1.1 hb
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | clamp e lo hi ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := orElseNone_spec hb
    have h3 : lo ≤ hi := leInt_spec h2.1
    have hc : ∀ z, larger lo (smaller hi z) = TinyVerify.clamp z lo hi := fun z => by rw [larger_eq, smaller_eq]; rfl
    rw [← h2.2]
    refine ⟨?_, ?_⟩
    · show larger lo (smaller hi a.lo) ≤ larger lo (smaller hi a.hi)
      rw [hc, hc]
      exact clamp_mono lo hi h1.1
    · show TinyVerify.clamp (asr (a.mul * a.base.eval x + a.const) a.shift) (larger lo (smaller hi a.lo)) (larger lo (smaller hi a.hi)) =
        TinyVerify.clamp (e.eval x) lo hi
      rw [hc, hc, ← clamp_clamp h1.1 h3, ← h1.2]
      rfl
  | max e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.atLeast_spec (x := x) h1.1 k
    rw [← Option.some.inj hb]
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | min e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    have h2 := Form.atMost_spec (x := x) h1.1 k
    rw [← Option.some.inj hb]
    exact ⟨h2.1, by rw [h2.2, h1.2]; rfl⟩
  | const k =>
    intro f h
    rw [← Option.some.inj h]
    refine ⟨Int.le_refl k, ?_⟩
    show TinyVerify.clamp (asr (0 * nth x 0 + k) 0) k k = k
    unfold TinyVerify.clamp
    omega
  | select c m k a b ihc iha ihb =>
    intro f h
    obtain ⟨fc, hc, h0⟩ := andThen_spec h
    obtain ⟨fa, ha, h1⟩ := andThen_spec h0
    obtain ⟨fb, hb, h2⟩ := andThen_spec h1
    have ec := ihc hc
    have ea := iha ha
    have eb := ihb hb
    show f.lo ≤ f.hi ∧ f.eval x = if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
    rw [← ec.2, ← ea.2, ← eb.2]
    cases hm : decide (m = 1) with
    | true =>
      rw [hm] at h2
      have m1 : m = 1 := of_decide_eq_true hm
      have h3 := Form.select_spec (x := x) ec.1 ea.1 eb.1 h2
      rw [m1, Int.mul_one]
      exact h3
    | false =>
      rw [hm] at h2
      obtain ⟨r, hr, h4⟩ := andThen_spec h2
      have h5 := orElseNone_spec h4
      have m1 : m = -1 := of_decide_eq_true h5.1
      have h3 := Form.select_spec (x := x) ec.1 eb.1 ea.1 hr
      rw [← h5.2]
      refine ⟨h3.1, ?_⟩
      rw [h3.2, m1]
      by_cases t : 0 ≤ fc.eval x + (-k - 1)
      · rw [if_pos t, if_neg (by omega)]
      · rw [if_neg t, if_pos (by omega)]
  | join low high ihl ihh =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    obtain ⟨w, hw, hd⟩ := andThen_spec hc
    have h1 := ihl ha
    have h2 := ihh hg
    have h3 := Form.signed_spec (x := x) h1.1 hw
    have h4 := orElseNone_spec hd
    have h5 := and_split h4.1
    have e1 := Form.same_spec h5.1
    have e2 := Form.same_spec h5.2
    rw [← h4.2]
    refine ⟨h1.1, ?_⟩
    show a.eval x = signedBits 64 (unsignedBits 32 (low.eval x) + high.eval x * 4294967296)
    rw [← h2.2, e1, Form.eval_shiftRight h1.1, ← h1.2, unsigned_join, ← h3.2, e2]
  | carry e low k ihe ihl =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    obtain ⟨g, hg, hc⟩ := andThen_spec hb
    have h1 := ihl ha
    have h2 := ihe hg
    have h4 := orElseNone_spec hc
    have e1 := Form.same_spec h4.1
    have h5 : (a.addConst k).lo ≤ (a.addConst k).hi := by
      show a.lo + k ≤ a.hi + k
      have := h1.1
      omega
    rw [← h4.2]
    refine ⟨Form.shiftRight_ends h5 32, ?_⟩
    rw [Form.eval_shiftRight h5, Form.eval_addConst]
    show asr (a.eval x + k) 32 = e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32
    rw [← h2.2, e1, Form.eval_shiftRight h1.1, ← h1.2, carry_eq]

/-! ### tidied expressions -/

theorem Expr.same_spec (e : Expr) : ∀ {f : Expr}, e.same f = true → e = f := by
  induction e with
  | value i => intro f h; cases f <;> first | cases h | exact congrArg _ (Nat.eq_of_beq_eq_true h)
  | dot n w =>
    intro f h
    cases f <;> try cases h
    rename_i m v
    have h' := and_split (a := Nat.beq n m) (b := Nat.beq w v) h
    rw [Nat.eq_of_beq_eq_true h'.1, Nat.eq_of_beq_eq_true h'.2]
  | const a => intro f h; cases f <;> first | cases h | exact congrArg _ (eqInt_spec h)
  | add e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | mul e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | floor e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | signed e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | unsigned e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := Nat.beq k l) h
    rw [ih h'.1, Nat.eq_of_beq_eq_true h'.2]
  | clamp e lo hi ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l r
    have h' := and_split (a := e.same f) (b := eqInt lo l && eqInt hi r) h
    have h'' := and_split h'.2
    rw [ih h'.1, eqInt_spec h''.1, eqInt_spec h''.2]
  | max e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | min e k ih =>
    intro f h
    cases f <;> try cases h
    rename_i f l
    have h' := and_split (a := e.same f) (b := eqInt k l) h
    rw [ih h'.1, eqInt_spec h'.2]
  | select c m k a b _ _ _ => intro f h; cases f <;> cases h
  | join a b iha ihb =>
    intro f h
    cases f <;> try cases h
    rename_i c d
    have h' := and_split (a := a.same c) (b := b.same d) h
    rw [iha h'.1, ihb h'.2]
  | carry a b k iha ihb =>
    intro f h
    cases f <;> try cases h
    rename_i c d l
    have h' := and_split (a := a.same c) (b := b.same d && eqInt k l) h
    have h'' := and_split h'.2
    rw [iha h'.1, ihb h''.1, eqInt_spec h''.2]

theorem given_eval {x : List Int} {c : Expr} {m k : Int} {truth : Bool}
    (ht : (0 ≤ c.eval x * m + k) ↔ truth = true) (e : Expr) : (given c m k truth e).eval x = e.eval x := by
  induction e with
  | select d n l a b _ _ _ =>
    unfold given
    cases hs : c.same d && (eqInt m n && eqInt k l) with
    | false => rfl
    | true =>
      have h1 := and_split hs
      have h2 := and_split h1.2
      have e1 := Expr.same_spec c h1.1
      have e2 := eqInt_spec h2.1
      have e3 := eqInt_spec h2.2
      rw [e1, e2, e3] at ht
      have r : (Expr.select d n l a b).eval x = if 0 ≤ d.eval x * n + l then a.eval x else b.eval x := rfl
      rw [r]
      cases truth with
      | true => rw [if_pos (ht.mpr rfl)]
      | false => rw [if_neg (fun h => by cases ht.mp h)]
  | signed e bits ih =>
    show signedBits bits ((given c m k truth e).eval x) = signedBits bits (e.eval x)
    rw [ih]
  | _ => rfl

theorem two_pow_add (m n : Nat) : ((2 ^ (m + n) : Nat) : Int) = ((2 ^ m : Nat) : Int) * ((2 ^ n : Nat) : Int) := by
  rw [Nat.pow_add]
  exact Int.natCast_mul _ _

/-- Numbers that differ by a multiple of `2^bits` have the same low bits. -/
theorem signedBits_add_mul (bits : Nat) (z q : Int) : signedBits bits (z + q * ((2 ^ bits : Nat) : Int)) = signedBits bits z := by
  have h := asr_add_mul (z + half bits) q bits
  have e1 := emod_of_asr (z := z + half bits + q * ((2 ^ bits : Nat) : Int)) h
  have e2 := emod_of_asr (z := z + half bits) (n := bits) rfl
  have e3 : z + q * ((2 ^ bits : Nat) : Int) + half bits = z + half bits + q * ((2 ^ bits : Nat) : Int) := by omega
  unfold signedBits
  rw [e3, e1, e2, Int.add_mul]
  omega

theorem signedBits_unsigned {width k bits : Nat} (h : k + bits ≤ width) (z : Int) :
    signedBits bits (asr (unsignedBits width z) k) = signedBits bits (asr z k) := by
  obtain ⟨d, hd⟩ := Nat.le.dest h
  have e := emod_of_asr (z := z) (n := width) rfl
  have e1 : unsignedBits width z = z + -(asr z width * ((2 ^ d : Nat) : Int)) * ((2 ^ bits : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
    unfold unsignedBits
    rw [e, ← hd, two_pow_add, two_pow_add]
    have a1 : asr z (k + bits + d) * (((2 ^ k : Nat) : Int) * ((2 ^ bits : Nat) : Int) * ((2 ^ d : Nat) : Int)) =
        asr z (k + bits + d) * ((2 ^ d : Nat) : Int) * ((2 ^ bits : Nat) : Int) * ((2 ^ k : Nat) : Int) := by
      ac_rfl
    rw [a1, Int.neg_mul, Int.neg_mul]
    omega
  rw [e1, asr_add_mul, signedBits_add_mul]

theorem Expr.cut_eval (x : List Int) (e : Expr) (bits : Nat) : (e.cut bits).eval x = signedBits bits (e.eval x) := by
  unfold Expr.cut
  split
  · rename_i d width k
    cases h : Nat.ble (Nat.add k bits) width with
    | true => exact (signedBits_unsigned (Nat.le_of_ble_eq_true h) (d.eval x)).symm
    | false => rfl
  · rfl

theorem asr_mul (z : Int) (k : Nat) : asr (z * ((2 ^ k : Nat) : Int)) k = z := by
  have h := asr_add_mul 0 z k
  have hp := two_pow_pos k
  have e : asr 0 k = 0 := ediv_unique hp (by omega) (by omega)
  rw [Int.zero_add, e, Int.zero_add] at h
  exact h

theorem half_add {b : Nat} (hb : 1 ≤ b) (k : Nat) : half (b + k) = half b * ((2 ^ k : Nat) : Int) := by
  have h1 := two_mul_half (k := b + k) (by omega)
  have h2 := two_mul_half hb
  rw [two_pow_add, ← h2, Int.mul_assoc] at h1
  omega

theorem signedBits_shift {b : Nat} (hb : 1 ≤ b) (k : Nat) (z : Int) :
    signedBits (b + k) (z * ((2 ^ k : Nat) : Int)) = signedBits b z * ((2 ^ k : Nat) : Int) := by
  have e1 : z * ((2 ^ k : Nat) : Int) + half (b + k) = (z + half b) * ((2 ^ k : Nat) : Int) := by
    rw [half_add hb, Int.add_mul]
  have e2 : asr ((z + half b) * ((2 ^ k : Nat) : Int)) (b + k) = asr (z + half b) b := by
    have h := asr_asr ((z + half b) * ((2 ^ k : Nat) : Int)) k b
    rw [asr_mul, Nat.add_comm] at h
    exact h.symm
  have e3 := emod_of_asr e2
  have e4 := emod_of_asr (z := z + half b) (n := b) rfl
  unfold signedBits
  rw [e1, e3, e4, half_add hb, two_pow_add, Int.sub_mul, Int.sub_mul, Int.mul_assoc]

theorem extend_eq {width k : Nat} (h : k + 1 ≤ width) (z : Int) :
    asr (signedBits width (z * ((2 ^ k : Nat) : Int))) k = signedBits (width - k) z := by
  have e : width = (width - k) + k := by omega
  have h1 := signedBits_shift (b := width - k) (by omega) k z
  rw [← e] at h1
  rw [h1, asr_mul]

theorem Expr.extend_eval (x : List Int) (e : Expr) (k : Nat) : (e.extend k).eval x = asr (e.eval x) k := by
  unfold Expr.extend
  split
  · rename_i d m width
    cases h : eqInt m (power k) && Nat.ble (Nat.add k 1) width with
    | false => rfl
    | true =>
      have h1 := and_split h
      have h2 := eqInt_spec h1.1
      have h3 := extend_eq (Nat.le_of_ble_eq_true h1.2) (d.eval x)
      show signedBits (width - k) (d.eval x) = asr (signedBits width (d.eval x * m)) k
      rw [h2]
      exact h3.symm
  · rename_i d m c width
    cases h : eqInt m (power k) && (eqInt c (shr c k * power k) && Nat.ble (Nat.add k 1) width) with
    | false => rfl
    | true =>
      have h1 := and_split h
      have h2 := and_split h1.2
      have e1 := eqInt_spec h1.1
      have e2 := eqInt_spec h2.1
      have h3 := extend_eq (Nat.le_of_ble_eq_true h2.2) (d.eval x + shr c k)
      show signedBits (width - k) (d.eval x + shr c k) = asr (signedBits width (d.eval x * m + c)) k
      have e3 : d.eval x * m + c = (d.eval x + shr c k) * power k := by
        rw [Int.add_mul, e1, ← e2]
      rw [e3]
      exact h3.symm
  · rfl

theorem Expr.tidy_eval (x : List Int) (e : Expr) : e.tidy.eval x = e.eval x := by
  induction e with
  | value i => rfl
  | dot n w => rfl
  | const a => rfl
  | add e k ih =>
    show e.tidy.eval x + k = e.eval x + k
    rw [ih]
  | mul e k ih =>
    show e.tidy.eval x * k = e.eval x * k
    rw [ih]
  | floor e k ih =>
    show (e.tidy.extend k).eval x = asr (e.eval x) k
    rw [Expr.extend_eval, ih]
  | signed e k ih =>
    show (e.tidy.cut k).eval x = signedBits k (e.eval x)
    rw [Expr.cut_eval, ih]
  | unsigned e k ih =>
    show unsignedBits k (e.tidy.eval x) = unsignedBits k (e.eval x)
    rw [ih]
  | clamp e lo hi ih =>
    show TinyVerify.clamp (e.tidy.eval x) lo hi = TinyVerify.clamp (e.eval x) lo hi
    rw [ih]
  | max e k ih =>
    show Max.max (e.tidy.eval x) k = Max.max (e.eval x) k
    rw [ih]
  | min e k ih =>
    show Min.min (e.tidy.eval x) k = Min.min (e.eval x) k
    rw [ih]
  | select c m k a b ihc iha ihb =>
    show (if 0 ≤ c.tidy.eval x * m + k then (given c.tidy m k true a.tidy).eval x else (given c.tidy m k false b.tidy).eval x) =
      if 0 ≤ c.eval x * m + k then a.eval x else b.eval x
    rw [← ihc]
    by_cases h : 0 ≤ c.tidy.eval x * m + k
    · rw [if_pos h, if_pos h, given_eval ⟨fun _ => rfl, fun _ => h⟩, iha]
    · rw [if_neg h, if_neg h, given_eval ⟨fun h' => absurd h' h, fun h' => by cases h'⟩, ihb]
  | join a b iha ihb =>
    show signedBits 64 (unsignedBits 32 (a.tidy.eval x) + b.tidy.eval x * 4294967296) = _
    rw [iha, ihb]
    rfl
  | carry a b k iha ihb =>
    show a.tidy.eval x + asr (unsignedBits 32 (b.tidy.eval x) + k) 32 = _
    rw [iha, ihb]
    rfl

theorem Expr.agrees_spec {v : Values} {x : List Int} (hx : v.Hold x) {a b : Expr} (h : a.agrees v b = true) :
    a.eval x = b.eval x := by
  unfold Expr.agrees at h
  cases ha : a.tidy.form v with
  | none => rw [ha] at h; cases h
  | some f =>
    cases hb : b.form v with
    | none => rw [ha, hb] at h; cases h
    | some g =>
      rw [ha, hb] at h
      have e := Form.same_spec (show f.same g = true from h)
      rw [← Expr.tidy_eval x a, ← (Expr.form_eval hx a.tidy ha).2, ← (Expr.form_eval hx b hb).2, e]

theorem agreesSome_spec {v : Values} {x : List Int} (hx : v.Hold x) {e : Expr} {r : Option Expr}
    (h : agreesSome v e r = true) : ∃ s, r = some s ∧ e.eval x = s.eval x := by
  cases r with
  | none => cases h
  | some s => exact ⟨s, rfl, Expr.agrees_spec hx h⟩

/-! ### layers -/

theorem requantizeExpr_eval {mode : Rounding} {e s : Expr} {p : RequantizeParams}
    (h : requantizeExpr mode e p = some s) (x : List Int) : s.eval x = requantize mode (e.eval x) p := by
  cases mode with
  | doubleTiesUp =>
    rw [← Option.some.inj h]
    rfl
  | doubleTiesAway => cases h
  | singleTiesUp =>
    rw [← Option.some.inj h]
    rfl

theorem Dense.expr_eval (d : Dense) (r : Row) (x : List Int) :
    (Dense.expr d r).eval x = accumulate r.bias (d.weights r) x := by
  show sum (products (unpack d.inputs r.packed) x) + r.bias = r.bias + sum (products (unpack d.inputs r.packed) x)
  omega

theorem converted_int32 (bits factor : Nat) : Int32 (converted bits factor) := by
  unfold converted
  split
  · exact ⟨by decide, by decide⟩
  · split
    · split
      · exact ⟨by decide, by decide⟩
      · exact ⟨by decide, by decide⟩
    · exact clamp_range _ (by decide)

theorem convertAll_int32 : ∀ (factors bits : List Nat), ∀ z ∈ convertAll factors bits, Int32 z := by
  intro factors
  induction factors with
  | nil => intro bits z hz; cases hz
  | cons f fs ih =>
    intro bits z hz
    cases bits with
    | nil => cases hz
    | cons b bs =>
      cases hz with
      | head => exact converted_int32 b f
      | tail _ h => exact ih bs z h

theorem clamp_border (m : Int) {z : Int} (hz : Int8 z) :
    clamp (clamp m (-2147483648) 2147483647 + z) (-128) 127 = clamp m (-128 - z) (127 - z) + z := by
  have h1 := hz.1
  have h2 := hz.2
  unfold clamp
  omega

/-- The zero point and the saturation to int8 after the conversion make `quantize_f32`. -/
theorem quantizeF32_converted (bits factor : Nat) {z : Int} (hz : Int8 z) :
    clamp (converted bits factor + z) (-128) 127 = quantizeF32 bits factor z := by
  have h1 := hz.1
  have h2 := hz.2
  unfold converted quantizeF32
  split
  · unfold clamp
    omega
  · split
    · split
      · unfold clamp
        omega
      · unfold clamp
        omega
    · exact clamp_border _ hz

theorem codes_eq {x : List Int} (hx : ∀ z ∈ x, Int32 z) (fs : List Feature) :
    ∀ (factors bits : List Nat) (es : List Expr) (i : Nat), bits.length = fs.length →
      (∀ j, nth x (i + j) = nth (convertAll factors bits) j) → codesOk fs factors es i = true →
      evalAll x es = quantizeAll fs bits ∧ ∀ z ∈ quantizeAll fs bits, Int8 z := by
  induction fs with
  | nil =>
    intro factors bits es i _ _ h
    cases factors with
    | nil =>
      cases es with
      | nil => exact ⟨rfl, fun z hz => by cases hz⟩
      | cons _ _ => cases h
    | cons _ _ => cases h
  | cons f fs ih =>
    intro factors bits es i hl hn h
    cases factors with
    | nil => cases h
    | cons factor factors =>
      cases es with
      | nil => cases h
      | cons e es =>
        cases bits with
        | nil => cases hl
        | cons b bs =>
          have h1 := and_split (a := Nat.beq f.invScale factor) h
          have h2 := and_split h1.2
          have h3 := and_split h2.2
          have h4 := and_split h3.1
          have z1 : -128 ≤ f.zeroPoint := of_decide_eq_true h4.1
          have z2 : f.zeroPoint ≤ 127 := of_decide_eq_true h4.2
          have e0 := Expr.agrees_spec (v := .int32) (x := x) hx h2.1
          have e1 : nth x i = converted b factor := hn 0
          have e2 : e.eval x = quantizeF32 b f.invScale f.zeroPoint := by
            rw [e0]
            show clamp (nth x i + f.zeroPoint) (-128) 127 = _
            rw [e1, quantizeF32_converted b factor ⟨z1, z2⟩, Nat.eq_of_beq_eq_true h1.1]
          have h5 := ih factors bs es (i + 1) (Nat.succ.inj hl)
            (fun j => by
              have h6 := hn (j + 1)
              have h7 : i + (j + 1) = i + 1 + j := by omega
              rw [h7] at h6
              exact h6) h3.2
          refine ⟨?_, ?_⟩
          · show e.eval x :: evalAll x es = quantizeF32 b f.invScale f.zeroPoint :: quantizeAll fs bs
            rw [e2, h5.1]
          · intro z hz
            cases hz with
            | head => exact quantizeF32_int8 b f.invScale ⟨z1, z2⟩
            | tail _ hm => exact h5.2 z hm

theorem hidden_eq {mode : Rounding} {l : Hidden} {x : List Int} (hx : ∀ z ∈ x, Int8 z) (scales : List Scale) :
    ∀ (rows : List Row) (es : List Expr), hiddenOk mode l scales rows es = true →
      evalAll x es = requantizeAll mode l scales (evalRows l.dense x rows) := by
  induction scales with
  | nil =>
    intro rows es h
    cases rows with
    | nil =>
      cases es with
      | nil => rfl
      | cons _ _ => cases h
    | cons _ _ => cases h
  | cons s ss ih =>
    intro rows es h
    cases rows with
    | nil => cases h
    | cons r rs =>
      cases es with
      | nil => cases h
      | cons e es =>
        have h1 := and_split (b := hiddenOk mode l ss rs es) h
        obtain ⟨t, ht, he⟩ := agreesSome_spec (v := .int8) (x := x) hx h1.1
        show e.eval x :: evalAll x es =
          requantize mode (accumulate r.bias (l.dense.weights r) x) (l.params s) :: requantizeAll mode l ss (evalRows l.dense x rs)
        rw [he, requantizeExpr_eval ht, Dense.expr_eval, ih rs es h1.2]

theorem requantizeAll_int8 (mode : Rounding) {l : Hidden} (h1 : -128 ≤ l.zeroPoint) (h2 : l.zeroPoint ≤ 127)
    (scales : List Scale) : ∀ accs : List Int, ∀ z ∈ requantizeAll mode l scales accs, Int8 z := by
  induction scales with
  | nil => intro accs z hz; cases hz
  | cons s ss ih =>
    intro accs z hz
    cases accs with
    | nil => cases hz
    | cons a as =>
      cases hz with
      | head =>
        have h := requantize_range mode a (l.params s) h2
        have e1 : (l.params s).lo = l.zeroPoint := rfl
        have e2 : (l.params s).hi = 127 := rfl
        rw [e1, e2] at h
        exact ⟨by omega, h.2⟩
      | tail _ hm => exact ih as z hm

theorem layers_eq {mode : Rounding} (ls : List Hidden) :
    ∀ (layers : List (List Expr)) (x : List Int), (∀ z ∈ x, Int8 z) → layersOk mode ls layers = true →
      runLayers layers x = runHidden mode ls x ∧ ∀ z ∈ runHidden mode ls x, Int8 z := by
  induction ls with
  | nil =>
    intro layers x hx h
    cases layers with
    | nil => exact ⟨rfl, hx⟩
    | cons _ _ => cases h
  | cons l ls ih =>
    intro layers x hx h
    cases layers with
    | nil => cases h
    | cons es rest =>
      have h1 := and_split h
      have h2 := and_split h1.1
      have h3 := and_split h1.2
      have e := hidden_eq hx l.scales l.dense.rows es h3.1
      have hy := requantizeAll_int8 mode (of_decide_eq_true h2.1) (of_decide_eq_true h2.2) l.scales (l.dense.eval x)
      have h4 := ih rest (l.eval mode x) hy h3.2
      show runLayers rest (evalAll x es) = runHidden mode ls (l.eval mode x) ∧
        ∀ z ∈ runHidden mode ls (l.eval mode x), Int8 z
      rw [e]
      exact h4

theorem Expr.fitsWord_spec {v : Values} {x : List Int} (hx : v.Hold x) {e : Expr} (h : e.fitsWord v = true) :
    Int32 (e.eval x) := by
  unfold Expr.fitsWord at h
  cases hf : e.form v with
  | none => rw [hf] at h; cases h
  | some f =>
    rw [hf] at h
    have h1 := and_split (a := decide (-2147483648 ≤ f.lo)) (b := decide (f.hi ≤ 2147483647)) h
    have l1 : -2147483648 ≤ f.lo := of_decide_eq_true h1.1
    have l2 : f.hi ≤ 2147483647 := of_decide_eq_true h1.2
    have h2 := Expr.form_eval hx e hf
    have h3 := Form.eval_range (x := x) h2.1
    rw [h2.2] at h3
    exact ⟨by omega, by omega⟩

theorem last_eq {d : Dense} {x : List Int} (hx : ∀ z ∈ x, Int8 z) (rows : List Row) :
    ∀ es : List Expr, lastOk d rows es = true → evalAll x es = evalRows d x rows ∧ ∀ z ∈ evalRows d x rows, Int32 z := by
  induction rows with
  | nil =>
    intro es h
    cases es with
    | nil => exact ⟨rfl, fun z hz => by cases hz⟩
    | cons _ _ => cases h
  | cons r rs ih =>
    intro es h
    cases es with
    | nil => cases h
    | cons e es =>
      have h1 := and_split (a := e.agrees .int8 (Dense.expr d r)) h
      have h2 := and_split h1.2
      have e1 := Expr.agrees_spec (v := .int8) (x := x) hx h1.1
      have e2 := Expr.fitsWord_spec (v := .int8) (x := x) hx h2.1
      have h3 := ih es h2.2
      rw [Dense.expr_eval] at e1
      refine ⟨?_, ?_⟩
      · show e.eval x :: evalAll x es = accumulate r.bias (d.weights r) x :: evalRows d x rs
        rw [e1, h3.1]
      · intro z hz
        cases hz with
        | head => rw [← e1]; exact e2
        | tail _ hm => exact h3.2 z hm

/-! ### the head -/

/-- Two lists whose first `n` elements stand in the same order. -/
def SameOrder (n : Nat) (x y : List Int) : Prop :=
  ∀ i j, i < n → j < n → (nth x i ≤ nth x j ↔ nth y i ≤ nth y j)

theorem strict_of_sameOrder {n : Nat} {x y : List Int} (h : SameOrder n x y) {i j : Nat} (hi : i < n) (hj : j < n) :
    nth x i < nth x j ↔ nth y i < nth y j := by
  have h1 := h j i hj hi
  omega

theorem signedBits_32 {z : Int} (h : Int32 z) : signedBits 32 z = z := by
  have e : half 32 = 2147483648 := by decide
  have e2 : ((2 ^ 32 : Nat) : Int) = 4294967296 := rfl
  have h1 := h.1
  have h2 := h.2
  unfold signedBits
  rw [e, e2]
  omega

theorem compare_spec {n : Nat} {x y : List Int} (ho : SameOrder n x y) {k : Int} (hk : k = 0 ∨ k = -1)
    {i j : Nat} (hi : i < n) (hj : j < n) : 0 ≤ nth x i - nth x j + k ↔ 0 ≤ nth y i - nth y j + k := by
  have h1 := ho j i hj hi
  have h2 := ho i j hi hj
  rcases hk with h | h
  · rw [h]
    omega
  · rw [h]
    omega

theorem shift_spec {k : Int} (h : (decide (k = 0) || decide (k = -1)) = true) : k = 0 ∨ k = -1 := by
  rcases or_split h with h' | h'
  · exact .inl (of_decide_eq_true h')
  · exact .inr (of_decide_eq_true h')

theorem Pick.eval_at {n : Nat} {x y : List Int} (hx : ∀ i, Int32 (nth x i)) (ho : SameOrder n x y) (p : Pick) :
    p.ok n = true → p.at y < n ∧ p.eval x = nth x (p.at y) := by
  induction p with
  | acc i => intro h; exact ⟨Nat.le_of_ble_eq_true h, rfl⟩
  | signed p bits ih =>
    intro h
    have h1 := and_split (a := Nat.beq bits 32) (b := p.ok n) h
    have h2 := ih h1.2
    refine ⟨h2.1, ?_⟩
    show signedBits bits (p.eval x) = nth x (p.at y)
    rw [Nat.eq_of_beq_eq_true h1.1, h2.2, signedBits_32 (hx _)]
  | ite a b k p q iha ihb ihp ihq =>
    intro h
    have h1 := and_split (a := (decide (k = 0) || decide (k = -1))) (b := (a.ok n && (b.ok n && (p.ok n && q.ok n)))) h
    have h2 := and_split h1.2
    have h3 := and_split h2.2
    have h4 := and_split h3.2
    have ea := iha h2.1
    have eb := ihb h3.1
    have ep := ihp h4.1
    have eq := ihq h4.2
    have hc := compare_spec ho (shift_spec h1.1) ea.1 eb.1
    have l : (Pick.ite a b k p q).at y = if 0 ≤ nth y (a.at y) - nth y (b.at y) + k then p.at y else q.at y := rfl
    have r : (Pick.ite a b k p q).eval x = if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x := rfl
    rw [l, r, ea.2, eb.2]
    by_cases c : 0 ≤ nth y (a.at y) - nth y (b.at y) + k
    · rw [if_pos c, if_pos (hc.mpr c)]
      exact ep
    · rw [if_neg c, if_neg (fun c' => c (hc.mp c'))]
      exact eq

theorem apply_spec {f : Int → Int} {z : Option Int} {v : Int} (h : apply f z = some v) : ∃ w, z = some w ∧ f w = v := by
  cases z with
  | none => cases h
  | some w => exact ⟨w, rfl, Option.some.inj h⟩

theorem Choice.eval_at {n : Nat} {x y : List Int} (hx : ∀ i, Int32 (nth x i)) (ho : SameOrder n x y) (c : Choice) :
    c.ok n = true → ∀ v, c.at y = some v → c.eval x = v := by
  induction c with
  | const z => intro _ v hv; exact Option.some.inj hv
  | pick p => intro _ v hv; cases hv
  | affine c m k ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show c.eval x * m + k = v
    rw [ih h w hw]
    exact e
  | signed c bits ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show signedBits bits (c.eval x) = v
    rw [ih h w hw, e]
  | unsigned c bits ih =>
    intro h v hv
    obtain ⟨w, hw, e⟩ := apply_spec hv
    show unsignedBits bits (c.eval x) = v
    rw [ih h w hw, e]
  | ite a b k p q ihp ihq =>
    intro h v hv
    have h1 := and_split (a := (decide (k = 0) || decide (k = -1))) (b := (a.ok n && (b.ok n && (p.ok n && q.ok n)))) h
    have h2 := and_split h1.2
    have h3 := and_split h2.2
    have h4 := and_split h3.2
    have ea := Pick.eval_at hx ho a h2.1
    have eb := Pick.eval_at hx ho b h3.1
    have hc := compare_spec ho (shift_spec h1.1) ea.1 eb.1
    have l : (Choice.ite a b k p q).at y = if 0 ≤ nth y (a.at y) - nth y (b.at y) + k then p.at y else q.at y := rfl
    have r : (Choice.ite a b k p q).eval x = if 0 ≤ a.eval x - b.eval x + k then p.eval x else q.eval x := rfl
    rw [l] at hv
    rw [r, ea.2, eb.2]
    by_cases c : 0 ≤ nth y (a.at y) - nth y (b.at y) + k
    · rw [if_pos c] at hv
      rw [if_pos (hc.mpr c), ihp h4.1 v hv]
    · rw [if_neg c] at hv
      rw [if_neg (fun c' => c (hc.mp c')), ihq h4.2 v hv]

theorem nth_mem (zs : List Int) : ∀ i, i < zs.length → nth zs i ∈ zs := by
  induction zs with
  | nil => intro i hi; have : (([] : List Int).length) = 0 := rfl; omega
  | cons z zs ih =>
    intro i hi
    cases i with
    | zero => exact .head _
    | succ i => exact .tail _ (ih i (by have : (z :: zs).length = zs.length + 1 := rfl; omega))

/-- Two lists in the same order have the same arg max. -/
theorem argMax_sameOrder {x y : List Int} (hl : x.length = y.length) (ho : SameOrder x.length x y) :
    argMax x = argMax y := by
  cases x with
  | nil =>
    cases y with
    | nil => rfl
    | cons _ _ => cases hl
  | cons a as =>
    cases y with
    | nil => cases hl
    | cons b bs =>
      have lx := argMax_lt a as
      have ly := argMax_lt b bs
      rw [← hl] at ly
      have mx := nth_argMax a as
      have my := nth_argMax b bs
      rcases Nat.lt_trichotomy (argMax (a :: as)) (argMax (b :: bs)) with h | h | h
      · have h1 := argMax_first b bs _ h
        rw [← my] at h1
        have h2 := (strict_of_sameOrder ho lx ly).mpr h1
        have h3 := le_maximum (a :: as) _ (nth_mem (a :: as) _ ly)
        omega
      · exact h
      · have h1 := argMax_first a as _ h
        rw [← mx] at h1
        have h2 := (strict_of_sameOrder ho ly lx).mp h1
        rw [hl] at lx
        have h3 := le_maximum (b :: bs) _ (nth_mem (b :: bs) _ lx)
        omega

/-- How many elements of a list lie below `z`. -/
def rank (z : Int) : List Int → Int
  | [] => 0
  | y :: ys => (if y < z then 1 else 0) + rank z ys

theorem rank_range (z : Int) (ys : List Int) : 0 ≤ rank z ys ∧ rank z ys ≤ (ys.length : Int) := by
  induction ys with
  | nil => exact ⟨Int.le_refl 0, Int.le_refl 0⟩
  | cons y ys ih =>
    have e : rank z (y :: ys) = (if y < z then 1 else 0) + rank z ys := rfl
    have l : ((y :: ys).length : Int) = (ys.length : Int) + 1 := rfl
    rw [e, l]
    split <;> omega

theorem rank_mono {a b : Int} (h : a ≤ b) (ys : List Int) : rank a ys ≤ rank b ys := by
  induction ys with
  | nil => exact Int.le_refl 0
  | cons y ys ih =>
    have e1 : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have e2 : rank b (y :: ys) = (if y < b then 1 else 0) + rank b ys := rfl
    rw [e1, e2]
    split <;> split <;> omega

theorem rank_strict {a b : Int} (h : a < b) {ys : List Int} (ha : a ∈ ys) : rank a ys < rank b ys := by
  induction ys with
  | nil => cases ha
  | cons y ys ih =>
    have e1 : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have e2 : rank b (y :: ys) = (if y < b then 1 else 0) + rank b ys := rfl
    rw [e1, e2]
    cases ha with
    | head =>
      have h1 := rank_mono (Int.le_of_lt h) ys
      rw [if_neg (by omega), if_pos h]
      omega
    | tail _ hm =>
      have h1 := ih hm
      split <;> split <;> omega

theorem rank_below {a : Int} {ys : List Int} (ha : a ∈ ys) : rank a ys < (ys.length : Int) := by
  induction ys with
  | nil => cases ha
  | cons y ys ih =>
    have e : rank a (y :: ys) = (if y < a then 1 else 0) + rank a ys := rfl
    have l : ((y :: ys).length : Int) = (ys.length : Int) + 1 := rfl
    rw [e, l]
    cases ha with
    | head =>
      have h1 := rank_range a ys
      rw [if_neg (by omega)]
      omega
    | tail _ hm =>
      have h1 := ih hm
      split <;> omega

def ranks (x : List Int) : List Int := mapInt (fun z => rank z x) x

theorem length_mapInt (f : Int → Int) (zs : List Int) : (mapInt f zs).length = zs.length := by
  induction zs with
  | nil => rfl
  | cons z zs ih =>
    show (mapInt f zs).length + 1 = zs.length + 1
    rw [ih]

theorem ranks_sameOrder (x : List Int) : SameOrder x.length x (ranks x) := by
  intro i j hi hj
  have ei : nth (ranks x) i = rank (nth x i) x := nth_mapInt x i hi
  have ej : nth (ranks x) j = rank (nth x j) x := nth_mapInt x j hj
  rw [ei, ej]
  constructor
  · intro h
    exact rank_mono h x
  · intro h
    rcases Int.lt_or_ge (nth x j) (nth x i) with h' | h'
    · have h1 := rank_strict h' (nth_mem x j hj)
      omega
    · exact h'

theorem mem_mapInt {f : Int → Int} {P : Int → Prop} {zs : List Int} (h : ∀ z ∈ zs, P (f z)) : ∀ r ∈ mapInt f zs, P r := by
  induction zs with
  | nil => intro r hr; cases hr
  | cons z zs ih =>
    intro r hr
    cases hr with
    | head => exact h z (.head _)
    | tail _ hm => exact ih (fun y hy => h y (.tail _ hy)) r hm

theorem mem_before_left {α : Type} {a : α} {as : List α} (h : a ∈ as) (bs : List α) : a ∈ before as bs := by
  induction as with
  | nil => cases h
  | cons c cs ih =>
    cases h with
    | head => exact .head _
    | tail _ hm => exact .tail _ (ih hm)

theorem mem_before_right {α : Type} {b : α} (as : List α) {bs : List α} (h : b ∈ bs) : b ∈ before as bs := by
  induction as with
  | nil => exact h
  | cons c cs ih => exact .tail _ ih

theorem mem_map_cons {z : Int} {t : List Int} {ts : List (List Int)} (h : t ∈ ts) :
    (z :: t) ∈ List.map (fun s => z :: s) ts := by
  induction ts with
  | nil => cases h
  | cons s ss ih =>
    cases h with
    | head => exact .head _
    | tail _ hm => exact .tail _ (ih hm)

theorem mem_prefixed {z : Int} {t : List Int} {tails : List (List Int)} {heads : List Int} (hz : z ∈ heads)
    (ht : t ∈ tails) : (z :: t) ∈ prefixed tails heads := by
  induction heads with
  | nil => cases hz
  | cons y ys ih =>
    cases hz with
    | head => exact mem_before_left (mem_map_cons ht) _
    | tail _ hm => exact mem_before_right _ (ih hm)

theorem mem_below {m : Nat} {z : Int} (h0 : 0 ≤ z) (h : z < (m : Int)) : z ∈ below m := by
  induction m with
  | zero => omega
  | succ m ih =>
    by_cases c : z = (m : Int)
    · rw [c]
      exact .head _
    · exact .tail _ (ih (by omega))

theorem mem_tuples {m : Nat} : ∀ (n : Nat) (t : List Int), t.length = n → (∀ z ∈ t, 0 ≤ z ∧ z < (m : Int)) →
    t ∈ tuples m n := by
  intro n
  induction n with
  | zero =>
    intro t hl _
    cases t with
    | nil => exact .head _
    | cons _ _ => cases hl
  | succ n ih =>
    intro t hl h
    cases t with
    | nil => cases hl
    | cons z zs =>
      have hz := h z (.head _)
      exact mem_prefixed (mem_below hz.1 hz.2) (ih zs (Nat.succ.inj hl) (fun y hy => h y (.tail _ hy)))

theorem Choice.isArgMax_spec {c : Choice} {x : List Int} (hx : ∀ i, Int32 (nth x i))
    (h : c.isArgMax x.length = true) : c.eval x = (argMax x : Nat) := by
  have h1 := and_split h
  have ho := ranks_sameOrder x
  have hl : (ranks x).length = x.length := length_mapInt _ x
  have hm : ranks x ∈ tuples x.length x.length :=
    mem_tuples x.length (ranks x) hl
      (mem_mapInt (fun z hz => ⟨(rank_range z x).1, rank_below hz⟩))
  have h2 : isInt (argMax (ranks x) : Nat) (c.at (ranks x)) = true := all_spec h1.2 _ hm
  cases hc : c.at (ranks x) with
  | none => rw [hc] at h2; cases h2
  | some v =>
    rw [hc] at h2
    rw [Choice.eval_at hx ho c h1.1 v hc, eqInt_spec (show eqInt v (argMax (ranks x) : Nat) = true from h2), argMax_sameOrder hl.symm ho]

theorem length_evalRows (d : Dense) (x : List Int) (rows : List Row) : (evalRows d x rows).length = rows.length := by
  induction rows with
  | nil => rfl
  | cons r rs ih =>
    show (evalRows d x rs).length + 1 = rs.length + 1
    rw [ih]

theorem Last.eval_eq {x : List Int} (hx : ∀ z ∈ x, Int32 z) {n : Nat} (hn : x.length = n) {a : Last} {head : Head}
    (h : a.ok n head = true) : a.eval x = actionOf head x := by
  have hi : ∀ i, Int32 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx
  cases a with
  | index c =>
    cases head with
    | discrete s =>
      rw [← hn] at h
      exact Choice.isArgMax_spec hi h
    | continuous _ => cases h
  | table e packed =>
    cases head with
    | discrete _ => cases h
    | continuous g =>
      have h1 := and_split (a := agreesSome .int32 e (tanhIndexExpr g (requantize g.mode 0 g.noise))) h
      obtain ⟨t, ht, he⟩ := agreesSome_spec (v := .int32) (x := x) hx h1.1
      have hp : packed = g.tanh := Nat.eq_of_beq_eq_true h1.2
      show nth (unpack 256 packed) (Int.toNat (e.eval x)) =
        nth (unpack 256 g.tanh) (Int.toNat (clamp (requantize g.mode (nth x 0) g.mean +
          requantize g.mode (Gaussian.entry g.std (g.logStdIndex (nth x 1)) * 0) g.noise) (-128) 127 + 128))
      rw [hp, he, Int.mul_zero]
      unfold tanhIndexExpr at ht
      cases hr : requantizeExpr g.mode (.value 0) g.mean with
      | none => rw [hr] at ht; cases ht
      | some s =>
        rw [hr] at ht
        rw [← Option.some.inj ht]
        show nth (unpack 256 g.tanh) (Int.toNat (clamp (s.eval x + requantize g.mode 0 g.noise) (-128) 127 + 128)) = _
        rw [requantizeExpr_eval hr]
        rfl

/-- A recorded run that passes its check leaves the policy's accumulators and its action, for all observations. -/
theorem Program.computes_of_ok (run : Program) (p : Policy) (h : run.ok p = true) : run.Computes p := by
  intro observation hl
  have h1 := and_split h
  have h2 := and_split h1.2
  have h3 := and_split h2.2
  have hc := codes_eq (convertAll_int32 run.factors observation) p.input run.factors observation run.codes 0 hl
    (fun j => by rw [Nat.zero_add]) h1.1
  have hh := layers_eq p.network.hidden run.hidden (quantizeAll p.input observation) hc.2 h2.1
  have ha := last_eq (d := p.network.last) hh.2 p.network.last.rows run.last h3.1
  have e : run.accumulators observation = referenceAccumulators p observation := by
    show evalAll (runLayers run.hidden (evalAll (convertAll run.factors observation) run.codes)) run.last =
      evalRows p.network.last (runHidden p.network.mode p.network.hidden (quantizeAll p.input observation)) p.network.last.rows
    rw [hc.1, hh.1, ha.1]
  refine ⟨e, ?_⟩
  show run.action.eval (run.accumulators observation) = actionOf p.head (referenceAccumulators p observation)
  rw [e]
  exact Last.eval_eq ha.2 (length_evalRows _ _ _) h3.2

end TinyVerify.ObjectCode
