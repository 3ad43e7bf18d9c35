using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.ImageNetResNet;
using Decant.Models.ResNet;

namespace Decant.Models.FromTeacher;

/// <summary>The settings of a convolutional network with fewer channels.</summary>
internal static class ChannelCut
{
    /// <summary>The settings of the part; all else stays.</summary>
    /// <exception cref="DecantException">The teacher has no such channels, or not so many.</exception>
    public static ModelConfig Of(ModelConfig teacher, PartOfTeacher part) => teacher switch
    {
        CnnConfig cnn => Of(cnn, part),
        ResNetConfig residual => Of(residual, part),
        ImageNetResNetConfig residual => Of(residual, part),
        _ => throw new DecantException(
            $"student.from-teacher: 'channels' and 'inner-channels' are of convolutional networks (cnn, resnet, imagenet-resnet), and the teacher is of type '{teacher.ModelType}'. Give layers, heads, intermediate or hidden, or student.model instead."),
    };

    private static CnnConfig Of(CnnConfig teacher, PartOfTeacher part)
    {
        if (part.InnerChannels is not null)
            throw new DecantException("student.from-teacher.inner-channels: the channels between the convolutions of a residual block, and a cnn has no such blocks. Give channels.");
        return teacher with { Channels = Cut("channels", part.Channels, teacher.Channels, "convolutions") };
    }

    private static ResNetConfig Of(ResNetConfig teacher, PartOfTeacher part)
    {
        IReadOnlyList<int> inner = [.. Enumerable.Range(0, teacher.HiddenSizes.Count).Select(teacher.InnerOf)];
        var channels = Cut("channels", part.Channels, teacher.HiddenSizes, "stages");
        var stem = Stem(ResNetChannels.IsStemInStage(teacher), teacher.EmbeddingSize, channels);
        inner = Cut("inner-channels", part.InnerChannels, inner, "stages");
        if (teacher.Shortcut == ResNetShortcut.Pad && channels.Prepend(stem).Zip(channels).Any(pair => pair.First > pair.Second))
            throw new DecantException($"student.from-teacher.channels: [{string.Join(", ", channels)}] become fewer along the network behind a first convolution of {stem}, and the teacher's shortcuts fill up with zeros (shortcut: pad). Give channels that do not shrink from stage to stage.");
        return teacher with { HiddenSizes = channels, EmbeddingSize = stem, InnerSizes = inner.SequenceEqual(channels) ? null : inner };
    }

    private static ImageNetResNetConfig Of(ImageNetResNetConfig teacher, PartOfTeacher part)
    {
        var stages = Enumerable.Range(0, teacher.Depths.Count).ToArray();
        var channels = Cut("channels", part.Channels, [.. stages.Select(s => checked((int)teacher.OutputsOf(s)))], "stages");
        var inner = Cut("inner-channels", part.InnerChannels, [.. stages.Select(s => checked((int)teacher.InnerOf(s)))], "stages");
        if (teacher.EndsPooled && channels[^1] != teacher.Features)
            throw new DecantException($"student.from-teacher.channels: the last stage's {teacher.Features} channels are the teacher's embedding, and {channels[^1]} were requested. Leave the last as it is.");
        return teacher with { HiddenSizes = channels, InnerSizes = inner, EmbeddingSize = Stem(ImageNetResNetChannels.IsStemInStage(teacher), teacher.EmbeddingSize, channels) };
    }

    // The first convolution's channels, which are those of the first stage or stay.
    private static int Stem(bool isInStage, int stem, IReadOnlyList<int> channels) => isInStage ? channels[0]
        : channels[0] != stem ? stem
        : throw new DecantException($"student.from-teacher.channels: the first is {stem}, as many as the first convolution has, so the way around the first block would lose what the teacher has there. Give another number of them.");

    private static IReadOnlyList<int> Cut(string key, IReadOnlyList<int>? wanted, IReadOnlyList<int> has, string of)
    {
        if (wanted is null)
            return has;
        if (wanted.Count != has.Count)
            throw new DecantException($"student.from-teacher.{key}: expected a number for each of the teacher's {has.Count} {of}, which have {string.Join(", ", has)}, came {wanted.Count}: [{string.Join(", ", wanted)}].");
        for (var i = 0; i < has.Count; i++)
        {
            if (wanted[i] < 1 || wanted[i] > has[i])
                throw new DecantException($"student.from-teacher.{key}: number {i + 1} is {wanted[i]}, and the teacher has {has[i]} there: a part has 1 to that many.");
        }

        return [.. wanted];
    }
}
