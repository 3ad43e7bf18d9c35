namespace Decant.Models.Configuration;

/// <summary>The architecture of a model; each kind has its own record.</summary>
public abstract record ModelOptions;
