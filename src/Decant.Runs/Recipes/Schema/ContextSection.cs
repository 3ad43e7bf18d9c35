using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Decant.Data.Chats;
using Decant.Data.Sources;

namespace Decant.Runs.Recipes.Schema;

/// <summary>What a teacher is given and its student is not: context distillation.</summary>
internal sealed record ContextSection
{
    /// <summary>What stands before every text, or the system message of every conversation; null: each sample has its own, in the column that <c>data.train.context</c> names.</summary>
    [Description("text that the teacher is given before every prompt or running text, or as the system message of every conversation; absent: the column that 'context' of the source names")]
    public string? Text { get; init; }

    /// <summary>The most tokens of a text with its context; null: as many as the teacher reads.</summary>
    [Description("most tokens of a text with its context, of which none is cut off; default: what the teacher can read")]
    [Range(2, 1_000_000)]
    public int? MaxTokens { get; init; }

    /// <summary>The column that a source has contexts in; null: none.</summary>
    internal static string? ColumnOf(SourceOptions source) => source switch
    {
        NamedColumnsOptions named => named.Context,
        ChatFileOptions chats => chats.Context,
        _ => null,
    };
}
