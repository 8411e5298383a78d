using NotebookPersist.Tests.Graphs.Gradients;
using Xunit;

namespace NotebookPersist.Tests.Graphs.Ops.Maths;

/// <summary>Bessel functions and functions that are integrals, by values of SciPy 1.10.</summary>
public sealed class SpecialFunctionTests
{
    private static readonly double[] Points = [0.1, 0.7, 1.9, 2.5, 8, 29, 31, 100];

    [Theory]
    [InlineData("BesselI0", new[] { 1.0025015629340956, 1.1263030183068092, 2.1277401940538874, 3.289839144050123, 427.56411572180474, 292520631785.69086, 2089962966491.9038, 1.0737517071310738e+42 })]
    [InlineData("BesselI1", new[] { 0.050062526047092694, 0.37187967777700853, 1.448244373054889, 2.5167162452886984, 399.8731367825599, 287432108126.2548, 2055972795294.565, 1.0683693903381625e+42 })]
    [InlineData("BesselJ0", new[] { 0.99750156206604, 0.8812008886074052, 0.28181855937438544, -0.04838377646819804, 0.1716508071375539, -0.14784876468298405, 0.05120814530454214, 0.01998585030422333 })]
    [InlineData("BesselJ1", new[] { 0.049937526036242, 0.3289957415400589, 0.5811570727134341, 0.497094102464274, 0.2346363468539146, 0.0069342045592651076, -0.13302431666631417, -0.0771453520141123 })]
    [InlineData("BesselY0", new[] { -1.5342386513503667, -0.1906649293373951, 0.49681997128382027, 0.498070359615232, 0.22352148938756622, 0.009481159721833487, -0.13383266050364437, -0.0772443133650831 })]
    [InlineData("BesselY1", new[] { -6.458951094702027, -1.1032498719076336, -0.16440577233159528, 0.14591813796678577, -0.15806046173124746, 0.14803411911941658, -0.053372826957321734, -0.02037231200275932 })]
    [InlineData("BesselK0", new[] { 2.4270690247020164, 0.6605198599151016, 0.12884597927604755, 0.062347553200366196, 0.00014647070522281542, 5.894950728792561e-14, 7.718382655527616e-15, 4.6566282291759025e-45 })]
    [InlineData("BesselK0e", new[] { 2.6823261022628944, 1.330123656242056, 0.861450616751756, 0.7595486903280996, 0.43662301860158614, 0.23175021980076463, 0.2242101374192749, 0.1251756216591266 })]
    [InlineData("BesselK1", new[] { 9.853844780870606, 1.0502835353129183, 0.15966015303266756, 0.07389081634774705, 0.00015536921180500112, 5.995740321238809e-14, 7.841899600834064e-15, 4.67985373563691e-45 })]
    [InlineData("BesselK1e", new[] { 10.890182683049698, 2.115011312848053, 1.0674709298145695, 0.9001744239078779, 0.46314909287049605, 0.23571259561655572, 0.22779816259459248, 0.12579995047957854 })]
    [InlineData("Dawsn", new[] { 0.0993359923978529, 0.5105040575592318, 0.3229743193228179, 0.22308372216743555, 0.06300019870755338, 0.01725164817043688, 0.01613743718698177, 0.005000250037509379 })]
    [InlineData("Expint", new[] { -1.6228128139692766, 1.0649071946242903, 4.593713686953585, 7.073765894578603, 440.37989953483816, 140599195758.40677, 969455575968.3927, 2.71555274485388e+41 })]
    [InlineData("FresnelCos", new[] { 0.09999753262708506, 0.6596523519045103, 0.3944705348915229, 0.45741300964177706, 0.499802180377197, 0.5109761982547072, 0.510268057465068, 0.4999998986788171 })]
    [InlineData("FresnelSin", new[] { 0.0005235895476122108, 0.17213645786347742, 0.37334731781698116, 0.6191817558195929, 0.46021421439301446, 0.4999958456285237, 0.49999659893870957, 0.49681690114783755 })]
    [InlineData("Spence", new[] { 1.2997147230049588, 0.3261295100754763, -0.7521631792172623, -1.1473806603755703, -3.400162044428386, -7.161327145367401, -7.395946286130682, -12.192421669033168 })]
    public void Values_are_those_of_tables(string type, double[] expected)
    {
        using var runs = new OpRuns();
        double[] found = runs.Run(type, null, runs.Graph.Constant(Tensor.Of<double>([Points.Length], Points)))[0].ToArray<double>();
        for (int i = 0; i < found.Length; i++)
            Assert.True(Math.Abs(found[i] - expected[i]) <= 1e-12 * Math.Max(Math.Abs(expected[i]), Envelope(type, Points[i])), $"{type}({Points[i]}) is {found[i]:R} instead of {expected[i]:R}.");
    }

    [Theory]
    [InlineData("BesselI0")]
    [InlineData("BesselI1")]
    [InlineData("BesselJ0")]
    [InlineData("BesselJ1")]
    [InlineData("BesselY0")]
    [InlineData("BesselY1")]
    [InlineData("BesselK0")]
    [InlineData("BesselK0e")]
    [InlineData("BesselK1")]
    [InlineData("BesselK1e")]
    [InlineData("Dawsn")]
    [InlineData("Expint")]
    [InlineData("FresnelCos")]
    [InlineData("FresnelSin")]
    [InlineData("Spence")]
    public void Slopes_are_those_of_differences(string type) =>
        GradientCheck.Run(type, (graph, xs) => graph.AddOperation(type, null, null, xs[0])[0], [Tensor.Of<double>([4], [0.3, 1.2, 2.4, 3.1])]);

    [Fact]
    public void Borders_and_other_signs_are_as_defined()
    {
        using var runs = new OpRuns();
        double At(string type, double x) => runs.Run(type, null, runs.Graph.Constant(Tensor.Scalar(x)))[0].Item<double>();
        Assert.Equal([1, 0, 1, 0], new[] { At("BesselI0", 0), At("BesselI1", 0), At("BesselJ0", 0), At("BesselJ1", 0) });
        Assert.Equal(-At("BesselJ1", 2.5), At("BesselJ1", -2.5));
        Assert.Equal(At("BesselJ0", 40), At("BesselJ0", -40));
        Assert.Equal(-At("Dawsn", 1.5), At("Dawsn", -1.5));
        Assert.Equal(-At("FresnelSin", 2), At("FresnelSin", -2));
        Assert.All(new[] { "BesselY0", "BesselK1", "Expint", "Spence", "BesselJ0" }, type => Assert.True(double.IsNaN(At(type, type == "BesselJ0" ? double.NaN : -1))));
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity], new[] { At("BesselY0", 0), At("BesselK0", 0), At("Expint", 0) });
        Assert.Equal(Math.PI * Math.PI / 6, At("Spence", 0), 14);
        Assert.Equal(0, At("Spence", 1));
    }

    // Where waves cross zero, their size counts.
    private static double Envelope(string type, double x) => type[^2] is 'J' or 'Y' ? Math.Sqrt(2 / (Math.PI * x)) : 0;
}
