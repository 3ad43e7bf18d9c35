using System.Reflection;
using System.Text.Json.Serialization;

namespace Decant.Runs.Reports.Record;

/// <summary>The names of the events that this version knows.</summary>
internal static class EventKinds
{
    /// <summary>Taken from the attributes of <see cref="RunEvent"/>, so that they stand once.</summary>
    public static IReadOnlySet<string> Known { get; } = typeof(RunEvent)
        .GetCustomAttributes<JsonDerivedTypeAttribute>()
        .Select(a => (string)a.TypeDiscriminator!)
        .ToHashSet(StringComparer.Ordinal);
}
