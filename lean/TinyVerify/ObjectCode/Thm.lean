import TinyVerify.ObjectCode.Spec
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

/-! ### forms -/

theorem Form.eval_addConst (x : List Int) (f : Form) (k : Int) : (f.addConst k).eval x = f.eval x + k := by
  show clamp (asr (f.mul * f.base.eval x + (f.const + k * ((2 ^ f.shift : Nat) : Int))) f.shift) (f.lo + k) (f.hi + k) = _
  rw [← Int.add_assoc, asr_add_mul, clamp_add]
  rfl

theorem Form.eval_shiftRight {x : List Int} {f : Form} (h : f.lo ≤ f.hi) (k : Nat) :
    (f.shiftRight k).eval x = asr (f.eval x) k := by
  show clamp (asr (f.mul * f.base.eval x + f.const) (f.shift + k)) (asr f.lo k) (asr f.hi k) = _
  rw [← asr_asr]
  exact (clamp_map (f := fun z => asr z k) (fun a b => asr_mono k) h).symm

theorem Form.eval_range {x : List Int} {f : Form} (h : f.lo ≤ f.hi) : f.lo ≤ f.eval x ∧ f.eval x ≤ f.hi :=
  clamp_range _ h

theorem Form.eval_moved (x : List Int) (f : Form) (bits : Nat) (q : Int) :
    (f.moved bits q).eval x = f.eval x - q * ((2 ^ bits : Nat) : Int) := by
  unfold Form.moved
  rw [Form.eval_addConst]
  omega

theorem orElseNone_spec {test : Bool} {f g : Form} (h : orElseNone test f = some g) : test = true ∧ f = g := by
  cases test with
  | true => exact ⟨rfl, Option.some.inj h⟩
  | false => cases h

theorem andThen_spec {f : Option Form} {g : Form → Option Form} {r : Form} (h : andThen f g = some r) :
    ∃ a, f = some a ∧ g a = some r := by
  cases f with
  | none => cases h
  | some a => exact ⟨a, rfl, h⟩

theorem Form.signed_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.lo ≤ f.hi) (h : f.signed bits = some g) :
    g.lo ≤ g.hi ∧ g.eval x = signedBits bits (f.eval x) := by
  have h1 := orElseNone_spec h
  have h2 : asr (f.hi + half bits) bits = asr (f.lo + half bits) bits := of_decide_eq_true h1.1
  have hr := Form.eval_range (x := x) hl
  have h3 : asr (f.eval x + half bits) bits = asr (f.lo + half bits) bits :=
    asr_between (a := f.lo + half bits) (b := f.hi + half bits) rfl h2 (by omega) (by omega)
  rw [← h1.2]
  refine ⟨?_, ?_⟩
  · show f.lo + _ ≤ f.hi + _
    omega
  · rw [Form.eval_moved]
    unfold signedBits
    rw [emod_of_asr h3]
    omega

theorem Form.unsigned_spec {x : List Int} {f g : Form} {bits : Nat} (hl : f.lo ≤ f.hi) (h : f.unsigned bits = some g) :
    g.lo ≤ g.hi ∧ g.eval x = unsignedBits bits (f.eval x) := by
  have h1 := orElseNone_spec h
  have h2 : asr f.hi bits = asr f.lo bits := of_decide_eq_true h1.1
  have hr := Form.eval_range (x := x) hl
  have h3 : asr (f.eval x) bits = asr f.lo bits := asr_between rfl h2 hr.1 hr.2
  rw [← h1.2]
  refine ⟨?_, ?_⟩
  · show f.lo + _ ≤ f.hi + _
    omega
  · rw [Form.eval_moved]
    unfold unsignedBits
    rw [emod_of_asr h3]

theorem Form.times_spec {x : List Int} {f g : Form} {k : Int} (hl : f.lo ≤ f.hi) (h : f.times k = some g) :
    g.lo ≤ g.hi ∧ g.eval x = f.eval x * k := by
  have h1 := orElseNone_spec h
  have h2 := and_split h1.1
  have hs : f.shift = 0 := Nat.eq_of_beq_eq_true h2.1
  have hk : 0 ≤ k := of_decide_eq_true h2.2
  rw [← h1.2]
  refine ⟨Int.mul_le_mul_of_nonneg_right hl hk, ?_⟩
  have hm : ∀ a b : Int, a ≤ b → a * k ≤ b * k := fun a b hab => Int.mul_le_mul_of_nonneg_right hab hk
  show clamp (asr (f.mul * k * f.base.eval x + f.const * k) f.shift) (f.lo * k) (f.hi * k) = f.eval x * k
  unfold Form.eval
  rw [clamp_map (f := fun z => z * k) hm hl, hs, asr_zero, asr_zero, Int.add_mul]
  rw [Int.mul_assoc, Int.mul_comm k, ← Int.mul_assoc]

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
  have e2 : f.mul = g.mul := of_decide_eq_true h2.1
  have e3 : f.const = g.const := of_decide_eq_true h3.1
  have e4 := Nat.eq_of_beq_eq_true h4.1
  have e5 : f.lo = g.lo := of_decide_eq_true h5.1
  have e6 : f.hi = g.hi := of_decide_eq_true h5.2
  cases f
  cases g
  simp only at e1 e2 e3 e4 e5 e6
  rw [e1, e2, e3, e4, e5, e6]

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
      refine ⟨by decide, ?_⟩
      show clamp (asr (1 * nth x i + 0) 0) _ _ = nth x i
      rw [one, asr_zero]
      exact clamp_eq hr.1 hr.2
    | int8 =>
      have hr : Int8 (nth x i) := nth_hold ⟨by decide, by decide⟩ hx i
      rw [← Option.some.inj h]
      refine ⟨by decide, ?_⟩
      show clamp (asr (1 * nth x i + 0) 0) _ _ = nth x i
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
      · show clamp (asr (1 * sum (products (unpack n weights) x) + 0) 0) (-((128 * absSumFast n weights : Nat) : Int))
          ((128 * absSumFast n weights : Nat) : Int) = sum (products (unpack n weights) x)
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
    exact ⟨asr_mono k h1.1, by rw [Form.eval_shiftRight h1.1, h1.2]; rfl⟩
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
    have h3 : lo ≤ hi := of_decide_eq_true h2.1
    rw [← h2.2]
    refine ⟨clamp_mono lo hi h1.1, ?_⟩
    show TinyVerify.clamp (asr (a.mul * a.base.eval x + a.const) a.shift) (TinyVerify.clamp a.lo lo hi) (TinyVerify.clamp a.hi lo hi) =
      TinyVerify.clamp (e.eval x) lo hi
    rw [← clamp_clamp h1.1 h3, ← h1.2]
    rfl
  | max e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    rw [← Option.some.inj hb]
    refine ⟨?_, ?_⟩
    · show Max.max a.lo k ≤ Max.max a.hi k
      omega
    · show TinyVerify.clamp (asr (a.mul * a.base.eval x + a.const) a.shift) (Max.max a.lo k) (Max.max a.hi k) =
        Max.max (e.eval x) k
      rw [← h1.2]
      have h3 := h1.1
      unfold Form.eval TinyVerify.clamp
      omega
  | min e k ih =>
    intro f h
    obtain ⟨a, ha, hb⟩ := andThen_spec h
    have h1 := ih ha
    rw [← Option.some.inj hb]
    refine ⟨?_, ?_⟩
    · show Min.min a.lo k ≤ Min.min a.hi k
      omega
    · show TinyVerify.clamp (asr (a.mul * a.base.eval x + a.const) a.shift) (Min.min a.lo k) (Min.min a.hi k) =
        Min.min (e.eval x) k
      rw [← h1.2]
      have h3 := h1.1
      unfold Form.eval TinyVerify.clamp
      omega
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
    refine ⟨asr_mono 32 h5, ?_⟩
    rw [Form.eval_shiftRight h5, Form.eval_addConst]
    show asr (a.eval x + k) 32 = e.eval x + asr (unsignedBits 32 (low.eval x) + k) 32
    rw [← h2.2, e1, Form.eval_shiftRight h1.1, ← h1.2, carry_eq]

theorem Expr.agrees_spec {v : Values} {x : List Int} (hx : v.Hold x) {a b : Expr} (h : a.agrees v b = true) :
    a.eval x = b.eval x := by
  unfold Expr.agrees at h
  cases ha : a.form v with
  | none => rw [ha] at h; cases h
  | some f =>
    cases hb : b.form v with
    | none => rw [ha, hb] at h; cases h
    | some g =>
      rw [ha, hb] at h
      have e := Form.same_spec (show f.same g = true from h)
      rw [← (Expr.form_eval hx a ha).2, ← (Expr.form_eval hx b hb).2, e]

theorem agreesSome_spec {v : Values} {x : List Int} (hx : v.Hold x) {e : Expr} {r : Option Expr}
    (h : agreesSome v e r = true) : ∃ s, r = some s ∧ e.eval x = s.eval x := by
  cases r with
  | none => cases h
  | some s => exact ⟨s, rfl, Expr.agrees_spec hx h⟩

end TinyVerify.ObjectCode
