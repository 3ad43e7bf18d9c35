namespace Decant.Modules.Adapters;

/// <summary>How a model is trained of which all own weights stay as they are.</summary>
internal abstract record AdapterOptions;
