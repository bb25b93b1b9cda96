-- environment: lean
namespace Mine
theorem claim (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
end Mine
