using Decant.Cli.Hosting;
using Decant.Cli.Rendering;
using Decant.Hub;
using Decant.Runs.Preparing;

namespace Decant.Cli.Commands;

/// <summary>A model that a command is given: a path, or the address of one that is fetched.</summary>
internal static class ModelArgument
{
    /// <summary>The end of the description of such an argument.</summary>
    public const string OrAddress = "; or hf:ORG/NAME, nuget:PACKAGE/VERSION";

    /// <summary>The folder of the model; it is fetched if it is an address and not here.</summary>
    /// <param name="services">The services.</param>
    /// <param name="model">The path or address.</param>
    /// <param name="purpose">What for.</param>
    /// <exception cref="DecantException">It could not be fetched.</exception>
    public static string Folder(CliServices services, string model, FetchPurpose purpose = FetchPurpose.Model) => ModelAddress.IsOne(model)
        ? ProgressView.Fetch(services, isQuiet: false, progress => FetchedModels.Folder(services.Catalog.Value.Fetching, model, purpose, progress, services.Interruption.Token))
        : model;
}
