using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Runs.Recipes.Schema;

/// <summary>A model behind an OpenAI-compatible API that makes vectors of texts, and so is the teacher of an embedding.</summary>
internal sealed record EmbeddingsSection : ChatAccess
{
    /// <summary>D, where the model can shorten its vectors; null, the default: as long as it makes them.</summary>
    [Description("length of the vectors, where the model can shorten them; default: as long as it makes them")]
    [Range(1, 1_000_000)]
    public int? Dimensions { get; init; }

    /// <summary>How many texts go into one request; default: 64.</summary>
    [Description("texts of one request")]
    [Range(1, 2048)]
    public int Batch { get; init; } = 64;
}
