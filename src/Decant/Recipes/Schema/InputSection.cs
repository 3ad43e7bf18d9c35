using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Decant.Recipes;

/// <summary>What the models are given of a sample; teacher and student get the same.</summary>
public sealed record InputSection
{
    /// <summary>What a sample is.</summary>
    [Description("what a sample is")]
    public required InputKind Kind { get; init; }

    /// <summary>What turns text into ids, for text only; left out, the tokenizer of the teacher that is loaded.</summary>
    [Description("what turns text into ids")]
    [ChoiceOf(Sections.Tokenizer)]
    public Choice? Tokenizer { get; init; }

    /// <summary>Tokens a text is cut to, special tokens included; required for text, refused otherwise.</summary>
    [Description("tokens a text is cut to, special ones included")]
    [Range(2, 1 << 20)]
    public int? MaxTokens { get; init; }

    /// <summary>For images, what is subtracted from each channel after scaling to 0…1; null: nothing.</summary>
    [Description("per channel, subtracted after scaling to 0…1")]
    public IReadOnlyList<double>? Mean { get; init; }

    /// <summary>For images, what each channel is divided by after the mean is subtracted; null: nothing.</summary>
    [Description("per channel, divided by after the mean is subtracted")]
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public IReadOnlyList<double>? Std { get; init; }
}

/// <summary>What a sample is.</summary>
public enum InputKind
{
    /// <summary>Text, cut into tokens.</summary>
    Text,

    /// <summary>An image of bytes, channels first.</summary>
    Image,

    /// <summary>Numbers, as many for each sample.</summary>
    Vector,
}
