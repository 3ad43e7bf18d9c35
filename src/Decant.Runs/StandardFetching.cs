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
        var settings = HubSettings.Of(environment);
        settings = settings with { Offline = offline ?? settings.Offline };
        return [new HuggingFaceHub(settings), new NuGetFetcher(offline: settings.Offline)];
    });
}
