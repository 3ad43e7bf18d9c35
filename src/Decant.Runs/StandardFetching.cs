using Decant.Hub;
using Decant.Hub.HuggingFace;
using Decant.Hub.NuGet;

namespace Decant.Runs;

/// <summary>The places that models are fetched from.</summary>
internal static class StandardFetching
{
    /// <summary>All of them, as the environment says.</summary>
    /// <param name="environment">The value of a variable; null: not set.</param>
    /// <param name="offline">Why nothing is asked over the net, such as "--offline is given"; null: as the environment says.</param>
    public static ModelFetching Of(Func<string, string?> environment, string? offline = null) => new(() =>
    {
        var settings = HubSettings.Of(environment) with { Offline = Offline(environment, offline) };
        return [new HuggingFaceHub(settings), new NuGetFetcher(offline: settings.Offline)];
    });

    /// <summary>Why nothing is asked over the net, as given or as the environment says; null: it is.</summary>
    public static string? Offline(Func<string, string?> environment, string? given) => given ?? HubSettings.Of(environment).Offline;
}
