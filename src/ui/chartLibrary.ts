import { CustomChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

register([LineChart, CustomChart, GridComponent, AriaComponent, CanvasRenderer]);

export { type EChartsType, init } from 'echarts/core';
