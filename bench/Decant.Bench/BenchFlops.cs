using Decant.Models.Cnn;
using Decant.Models.Configuration;
using Decant.Models.Mlp;
using Decant.Models.ResNet;
using Decant.Modules;

namespace Decant.Bench;

/// <summary>What the models of a workload must calculate, in any implementation: multiplications and additions of matrix products and convolutions.</summary>
/// <remarks>
/// Forward F = 2 · multiply-accumulates (<see cref="Model.FlopsPerSample"/>) of every real token, padding not counted. The teacher costs F for every answer that
/// is asked for. An update of the student costs 3 · F − f: once forward, twice backward (gradients of the weights and of the inputs), less f, the input
/// gradient of the first layer, which is not needed. The optimizer, norms and activations are not counted.
/// </remarks>
internal sealed record BenchFlops
{
    /// <summary>The mean of one answer of the teacher.</summary>
    public required double Answer { get; init; }

    /// <summary>The part of <see cref="Answer"/> that the head of a language model is; 0 of others.</summary>
    public required double Head { get; init; }

    /// <summary>The mean of one sample of an update of the student.</summary>
    public required double Update { get; init; }

    /// <summary>What the workload's models cost, averaged over its samples.</summary>
    public static BenchFlops Of(Workload workload, IEnumerable<long[]> shapes)
    {
        using var teacher = workload.Teacher.Build();
        using var student = workload.Student.Build();
        var (answers, updates, count) = (0.0, 0.0, 0);
        foreach (var shape in shapes)
        {
            answers += teacher.FlopsPerSample(shape);
            updates += 3.0 * student.FlopsPerSample(shape) - FirstInput(workload.Student, workload.Image);
            count++;
        }

        var head = teacher is ChunkedHeadModel { Head.Weight: var weight } ? 2.0 * weight.Size(0) * weight.Size(1) * workload.Sequence : 0;
        return new BenchFlops { Answer = answers / count, Head = head, Update = updates / count };
    }

    /// <summary>f: what the gradient of the input of the first product would cost; 0 behind an embedding, which is trained and needs it.</summary>
    internal static double FirstInput(ModelConfig config, IReadOnlyList<int> image) => config switch
    {
        MlpConfig mlp => 2.0 * image.Aggregate(1, (product, size) => product * size) * mlp.HiddenSizes.Append(mlp.Classes).First(),
        CnnConfig cnn => Convolution(cnn.InputShape[0], cnn.Channels[0], cnn.KernelSize, image[1] - cnn.KernelSize + 1 + 2 * cnn.Padding, image[2] - cnn.KernelSize + 1 + 2 * cnn.Padding),
        ResNetConfig resnet => Convolution(resnet.NumChannels, resnet.EmbeddingSize, 3, image[1], image[2]),
        _ => 0,
    };

    private static double Convolution(double inputs, double outputs, double kernel, double height, double width) =>
        2 * inputs * outputs * kernel * kernel * height * width;
}
