/-! The kernel's own arithmetic against the definitions of the core, which it does not unfold when both arguments are
literals: the recursion under another name must give what the accelerated operation gives. -/
def forAll (n : Nat) (p : Nat → Bool) : Bool := match n with | 0 => true | k + 1 => p k && forAll k p
def pairs (n : Nat) (f g : Nat → Nat → Nat) : Bool := forAll n fun x => forAll n fun y => Nat.beq (f x y) (g x y)
def add' : Nat → Nat → Nat
  | n, 0 => n
  | n, m + 1 => Nat.succ (add' n m)
def sub' : Nat → Nat → Nat
  | n, 0 => n
  | n, m + 1 => Nat.pred (sub' n m)
def mul' : Nat → Nat → Nat
  | _, 0 => 0
  | n, m + 1 => add' (mul' n m) n
def pow' : Nat → Nat → Nat
  | _, 0 => 1
  | n, m + 1 => mul' (pow' n m) n
def le' : Nat → Nat → Nat
  | 0, _ => 1
  | _ + 1, 0 => 0
  | n + 1, m + 1 => le' n m
def eq' : Nat → Nat → Nat
  | 0, 0 => 1
  | 0, _ + 1 => 0
  | _ + 1, 0 => 0
  | n + 1, m + 1 => eq' n m
def div' (x y : Nat) : Nat := Nat.casesOn (motive := fun _ => Nat) y 0 (fun _ => Nat.divGo y (Nat.succ x) x)
def mod' (x y : Nat) : Nat := Nat.casesOn (motive := fun _ => Nat) y x (fun _ => Nat.modGo y (Nat.succ x) x)
theorem agree_add : pairs 16 add' Nat.add = true := by decide +kernel
theorem agree_sub : pairs 16 sub' Nat.sub = true := by decide +kernel
theorem agree_mul : pairs 10 mul' Nat.mul = true := by decide +kernel
theorem agree_pow : pairs 4 pow' Nat.pow = true := by decide +kernel
theorem agree_ble : pairs 16 le' (fun x y => cond (Nat.ble x y) 1 0) = true := by decide +kernel
theorem agree_beq : pairs 16 eq' (fun x y => cond (Nat.beq x y) 1 0) = true := by decide +kernel
theorem agree_div : pairs 14 div' Nat.div = true := by decide +kernel
theorem agree_mod : pairs 14 mod' Nat.mod = true := by decide +kernel
theorem agree_gcd : pairs 14 (fun x y => Nat.gcdGo (Nat.succ x) x y) Nat.gcd = true := by decide +kernel
theorem agree_land : pairs 12 (fun x y => Nat.bitwiseGo and (x + y) x y) Nat.land = true := by decide +kernel
theorem agree_lor : pairs 12 (fun x y => Nat.bitwiseGo or (x + y) x y) Nat.lor = true := by decide +kernel
theorem agree_xor : pairs 12 (fun x y => Nat.bitwiseGo (fun x y => cond x (not y) y) (x + y) x y) Nat.xor = true := by
  decide +kernel
theorem agree_log2 : forAll 64 (fun x => Nat.beq (Nat.log2Go x x) (Nat.log2 x)) = true := by decide +kernel
theorem agree_shiftLeft : pairs 12 (fun x y => x * Nat.pow 2 y) Nat.shiftLeft = true := by decide +kernel
theorem agree_shiftRight : pairs 12 (fun x y => x / Nat.pow 2 y) Nat.shiftRight = true := by decide +kernel
