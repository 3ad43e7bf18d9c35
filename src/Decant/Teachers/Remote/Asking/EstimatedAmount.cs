namespace Decant.Teachers.Remote.Asking;

/// <summary>An amount with its 95 % interval.</summary>
/// <param name="Mean">The estimate.</param>
/// <param name="Low">The lower end, 0 or more.</param>
/// <param name="High">The upper end.</param>
public sealed record EstimatedAmount(double Mean, double Low, double High);
