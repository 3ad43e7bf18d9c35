using Decant.Data;
using Decant.Data.Labels;
using Decant.Text.Tags;

namespace Decant.Runs.Preparing;

/// <summary>The scheme of a recipe's tags, of its data, and of a model that was saved.</summary>
internal static class TagSchemes
{
    /// <summary>What a model's <c>config.json</c> says; null where it follows from the names of the tags.</summary>
    public static string? ForConfig(TagScheme scheme) => scheme == TagScheme.Auto ? null : scheme.ToString().ToLowerInvariant();

    /// <summary>Refuses tags that cannot be read.</summary>
    /// <exception cref="DecantException">One cannot: what is wrong with it, and where it first stands.</exception>
    public static void Check(Dataset train, TagScheme scheme)
    {
        if (train.LabelKind != LabelKind.Tags || TagSet.TryRead(train.Classes, scheme, out var fault) is not null)
            return;
        throw new DecantException($"{Where(train, fault!.Tag)}: {fault.Message}");
    }

    private static string Where(Dataset train, string tag)
    {
        var index = train.Classes.ToList().IndexOf(tag);
        for (var i = 0; i < train.Count; i++)
        {
            if (train.AnnotationOf(i) is TagAnnotation { Tags: var tags } && tags.ToList().IndexOf(index) is >= 0 and var word)
                return $"{train.Where(i)}, word {word + 1}";
        }

        return $"{train.Name}, 'classes'";
    }
}
