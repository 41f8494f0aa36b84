/** Everything is static: the page is files on any host, the engine runs in the visitor's own tab. */
const basePath = process.env.BASE_PATH ?? '';

/** @type {import('next').NextConfig} */
export default {
  output: 'export',
  basePath,
  images: { unoptimized: true },
  allowedDevOrigins: ['127.0.0.1'],
  env: { NEXT_PUBLIC_BASE_PATH: basePath },
};
