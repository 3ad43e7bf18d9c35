using System.Text.Json.Nodes;
using Decant.Torch;

namespace Decant.Export.Onnx.Importing;

/// <summary>A model of a known family as it was found in a graph.</summary>
internal interface IImported
{
    /// <summary>Its <c>config.json</c>.</summary>
    JsonObject Config { get; }

    /// <summary>Its weights under the family's names, in the current scope.</summary>
    IReadOnlyDictionary<string, Tensor> Weights();

    /// <summary>What a user must know of how it was read; may be empty.</summary>
    IReadOnlyList<string> Notes { get; }
}
