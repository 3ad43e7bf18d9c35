namespace Decant.Modules;

/// <summary>A linear map in a network, whole or in factors.</summary>
internal interface ILinear : ILayer
{
    /// <summary>Floating-point operations for a number of rows.</summary>
    long Flops(long rows = 1);
}
