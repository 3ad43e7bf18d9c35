using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decant.Runs.Jobs.Retrieval;

namespace Decant.Cli.Rendering;

/// <summary>Shows what was mined.</summary>
internal static class MiningView
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    public static void Write(TextWriter output, MiningResult result, string file, bool asJson) => output.WriteLine(asJson ? Json(result, file) : Words(result, file));

    private static string Words(MiningResult result, string file) => string.Create(
        CultureInfo.InvariantCulture, $"{file}: {result.Queries:N0} queries with {result.Negatives:N0} documents that are not relevant, {(double)result.Negatives / result.Queries:0.#} each")
        + (result.Doubtful > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {result.Doubtful:N0} documents were left out, as the judge scores them like relevant ones") : "")
        + (result.LeftOut > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {result.LeftOut:N0} queries were left out, as nothing was found for them") : "") + ".";

    private static string Json(MiningResult result, string file) => new JsonObject
    {
        ["file"] = file,
        ["queries"] = result.Queries,
        ["negatives"] = result.Negatives,
        ["queries-left-out"] = result.LeftOut,
        ["doubtful-documents"] = result.Doubtful,
    }.ToJsonString(s_json);
}
