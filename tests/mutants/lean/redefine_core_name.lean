-- environment: redefinition
namespace Honest
def Nat.le (a _b : Nat) : Prop := a = a
end Honest
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
