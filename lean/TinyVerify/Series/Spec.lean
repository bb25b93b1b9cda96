import TinyVerify.Basic.Lists
/-!
# Series of positive terms without real numbers

A series starts with 1, and each term is the one before times `up n / down n`. Its sums rise to a limit L. So `c L ≤ t` says that
`c S n ≤ t` for every sum, and `c ≤ t L` follows where some sum reaches it. Everything is an integer. From these: the exponential,
for either sign of the argument. Obligations: `softmax_lut.table_error`, `sample.table_errors`, `policy.action_agreement` of
continuous policies.
-/
namespace TinyVerify

structure Series where
  up : Nat → Nat
  down : Nat → Nat

namespace Series

/-- Term `n` times `den n`. -/
def top (s : Series) : Nat → Nat
  | 0 => 1
  | n + 1 => s.top n * s.up n

def den (s : Series) : Nat → Nat
  | 0 => 1
  | n + 1 => s.den n * s.down n

/-- The sum of terms `0 .. n`, times `den n`. -/
def num (s : Series) : Nat → Nat
  | 0 => 1
  | n + 1 => s.num n * s.down n + s.top (n + 1)

/-- `c L ≤ t` -/
def AtMost (s : Series) (c t : Int) : Prop := ∀ n, c * (s.num n : Int) ≤ t * (s.den n : Int)

/-- `c ≤ t L`, for `c > 0` or `t ≥ 0`. -/
def AtLeast (s : Series) (c t : Int) : Prop := ∃ n, c * (s.den n : Int) ≤ t * (s.num n : Int)

end Series

/-- `1 + x / f 0 + x^2 / (f 0 f 1) + ...` for `x = a / unit`. -/
def powerSeries (f : Nat → Nat) (unit a : Nat) : Series := ⟨fun _ => a, fun n => unit * f n⟩

/-- The exponential of `a / unit`. -/
def expSeries (unit a : Nat) : Series := powerSeries (fun n => Nat.add n 1) unit a

/-- `c exp (a / unit) ≤ t`, for `c > 0` or `t ≥ 0`. Below zero this is `c ≤ t exp (-a / unit)`. -/
def ExpAtMost (unit : Nat) (a c t : Int) : Prop :=
  (0 ≤ a → (expSeries unit a.toNat).AtMost c t) ∧ (a < 0 → (expSeries unit (-a).toNat).AtLeast c t)

/-- `tanh (y / unit) ≤ t / d`, for `d > 0`: with `E = exp (2 y / unit)` it is `(E - 1) / (E + 1) ≤ t / d`. -/
def TanhAtMost (unit : Nat) (y t d : Int) : Prop := ExpAtMost unit (2 * y) (d - t) (d + t)

/-- `p - m`, in fewer steps of the kernel than by the operations of the integers. -/
def natDiff (p m : Nat) : Int :=
  match Nat.sub m p with
  | 0 => .ofNat (Nat.sub p m)
  | k + 1 => .negSucc k

/-! ### checkers: the kernel computes a nest of operations on numbers much faster than as many steps of a recursion -/

/-- The sum to `i + 8` from that to `i`. -/
def eightTerms (f : Nat → Nat) (unit a i x : Nat) : Nat :=
  let next (j x : Nat) : Nat := Nat.add (Nat.mul x (Nat.mul unit (f (Nat.add i j)))) (Nat.pow a (Nat.add i (Nat.add j 1)))
  next 7 (next 6 (next 5 (next 4 (next 3 (next 2 (next 1 (next 0 x)))))))

/-- `num (8 blocks)` of a power series. -/
def powerNum (f : Nat → Nat) (unit a : Nat) : Nat → Nat
  | 0 => 1
  | blocks + 1 => withNat (Nat.mul 8 blocks) fun i => eightTerms f unit a i (powerNum f unit a blocks)

/-- `f 0 f 1 ... f (n - 1)` -/
def factors (f : Nat → Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => Nat.mul (factors f n) (f n)

def powerDen (f : Nat → Nat) (unit blocks : Nat) : Nat := Nat.mul (Nat.pow unit (Nat.mul 8 blocks)) (factors f (Nat.mul 8 blocks))

def expNum (unit a blocks : Nat) : Nat := powerNum (fun n => Nat.add n 1) unit a blocks

def expDen (unit blocks : Nat) : Nat := powerDen (fun n => Nat.add n 1) unit blocks

/-- `c L ≤ t` and `c' ≤ t' L` for `L = exp (a / unit)`. Where each term is at most half of the one before, all later ones add at
most the last one again. -/
def expPairOk (count unit a c t c' t' : Nat) : Bool :=
  withNat count fun blocks => withNat (expNum unit a blocks) fun num => Nat.ble (Nat.mul c' (expDen unit blocks)) (Nat.mul t' num) &&
    (Nat.ble c 0 || Nat.ble (Nat.mul 2 a) (Nat.mul unit (Nat.add (Nat.mul 8 blocks) 1)) &&
      Nat.ble (Nat.mul c (Nat.add num (Nat.pow a (Nat.mul 8 blocks)))) (Nat.mul t (expDen unit blocks)))

/-- As many blocks of eight summands as tables need: what later ones add is below a millionth of the sum for arguments up to 1/2, 2
and 7. Any number is sound. -/
def blocksFor (unit a : Nat) : Nat :=
  cond (Nat.ble (Nat.mul 2 a) unit) 1 (cond (Nat.ble a (Nat.mul 2 unit)) 2 3)

/-- `c exp (a / unit) ≤ t` and `c' exp (-a / unit) ≤ t'` -/
def expBothOk (unit : Nat) (a : Int) (c t c' t' : Nat) : Bool :=
  match a with
  | .ofNat n => withNat n fun a => (Nat.beq a 0 && (Nat.ble c t && Nat.ble c' t')) || Nat.ble 1 a && expPairOk (blocksFor unit a) unit a c t c' t'
  | .negSucc n => withNat (n + 1) fun a => expPairOk (blocksFor unit a) unit a c' t' c t

end TinyVerify
