namespace Decant.Models.Configuration;

/// <summary>A model that knows the settings it was built from, so that it can be saved as a folder and built again.</summary>
internal interface IConfigured
{
    /// <summary>The settings.</summary>
    ModelConfig Config { get; }
}
