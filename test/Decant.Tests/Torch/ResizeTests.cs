using System.Text.Json;
using Decant.Inference;
using Decant.Torch;

namespace Decant.Tests.Torch;

/// <summary>Resizing with libtorch, which trains, and without it, which runs exported models: both against PIL's numbers.</summary>
public class ResizeTests
{
    private sealed record Case(int[] From, int[] To, float[] Pixels, float[] Resized);

    private static Case[] Cases() => JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "resize.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Images_are_resized_as_PIL_resizes_them()
    {
        var cases = Cases();
        Assert.Equal(6, cases.Length);
        foreach (var (from, to, pixels, resized) in cases)
        {
            using var scope = TensorScope.Open();
            var trained = Functional.ResizeBilinear(Tensor.From(pixels, 1, 1, from[0], from[1]), to[0], to[1]);
            Assert.Equal([1, 1, to[0], to[1]], trained.Shape);
            var exported = ImageResizer.Resize<float>(pixels, 1, (from[0], from[1]), (to[0], to[1]));
            Assert.Equal(resized.Length, exported.Length);
            Assert.All(resized.Zip(trained.ToArray<float>(), exported), numbers => Assert.Equal((numbers.First, numbers.First), (numbers.Second, numbers.Third), Near));
        }
    }

    [Fact]
    public void The_channels_of_an_image_stay_apart()
    {
        using var scope = TensorScope.Open();
        using var generator = new Generator(3);
        var image = Tensor.Randn([1, 3, 13, 17], generator);
        foreach (var (height, width) in new[] { (5, 20), (26, 9), (13, 17) })
        {
            var expected = Functional.ResizeBilinear(image, height, width).ToArray<float>();
            var came = ImageResizer.Resize<float>(image.ToArray<float>(), 3, (13, 17), (height, width));
            Assert.Equal(3 * height * width, came.Length);
            Assert.All(expected.Zip(came), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    private static bool Near((float A, float B) expected, (float A, float B) came) => Math.Abs(expected.A - came.A) < 1e-3 && Math.Abs(expected.B - came.B) < 1e-3;
}
